//! Who may approve what, and how long an approval holds.

use super::*;

#[test]
fn an_approval_needs_other_eyes_and_a_limit_that_suffices() {
    let mut till = Till::new(1);
    till.send(0, TOM, good("pay", "300 EUR")).unwrap();
    assert_eq!(till.step(0), "approve");
    assert_eq!(
        till.send(0, TOM, act("agree", &[])),
        Err(vec![Code::HC030, Code::HC029]),
        "he recorded it, and it is above his limit"
    );
    assert_eq!(
        till.send(0, ROB, act("agree", &[])),
        Err(vec![Code::HC005, Code::HC029])
    );
    till.send(0, MIA, act("agree", &[])).unwrap();
    assert_eq!(till.booked(0), ["300 EUR manager"]);
}

#[test]
fn whoever_led_the_case_there_does_not_approve() {
    let mut till = Till::new(1);
    till.send(0, ANA, good("hold", "100 EUR")).unwrap();
    till.send(0, TOM, act("ask", &[])).unwrap();
    let refused = till.refused(0, TOM, act("agree", &[]));
    assert!(
        refused.contains("took the action that led here"),
        "{refused}"
    );
    assert!(!refused.contains("may now: `agree`"), "{refused}");
    till.send(0, MIA, act("agree", &[])).unwrap();
}

#[test]
fn an_empty_field_cannot_be_approved_and_gives_nothing() {
    let mut till = Till::new(1);
    till.send(0, ANA, act("ask", &[])).unwrap();
    assert_eq!(till.send(0, MIA, act("allow", &[])), Err(vec![Code::HC031]));
    till.send(0, ANA, act("send", &[])).unwrap();
    assert_eq!(till.booked(0), [""; 0]);
}

#[test]
fn an_approval_is_of_one_recording() {
    let mut till = Till::new(1);
    till.send(0, ANA, good("ask", "100 EUR")).unwrap();
    till.send(0, TOM, act("allow", &[])).unwrap();
    assert!(till.case(0).approval("good").is_some());
    till.send(0, ANA, correct("good", money("100 EUR")))
        .unwrap();
    assert_eq!(
        till.case(0).approval("good"),
        None,
        "an equal amount is a new recording"
    );
    assert_eq!(till.send(0, ANA, act("send", &[])), Err(vec![Code::HC029]));
    till.send(0, TOM, act("allow", &[])).unwrap();
    till.send(0, ANA, act("send", &[])).unwrap();
    assert_eq!(till.booked(0), ["100 EUR lead"]);
}

#[test]
fn reopening_voids_approvals_and_keeps_bookings() {
    let mut till = Till::new(1);
    till.send(0, ANA, good("ask", "100 EUR")).unwrap();
    till.send(0, TOM, act("allow", &[])).unwrap();
    till.send(0, ANA, act("send", &[])).unwrap();
    till.send(0, ANA, act("undo", &[])).unwrap();
    till.send(0, ANA, act("close", &[])).unwrap();
    till.send(0, ANA, reopen()).unwrap();
    assert_eq!(till.case(0).approval("good"), None);
    assert_eq!(till.send(0, ANA, act("send", &[])), Err(vec![Code::HC029]));
    // Ana reopened the case: that is no action, but she recorded the amount.
    assert_eq!(
        till.send(0, ANA, act("agree", &[])),
        Err(vec![Code::HC030, Code::HC029])
    );
}
