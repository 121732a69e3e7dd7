//! Bytes of entries: one form, read back, and told apart from those of a later build.

use uuid::Uuid;

use super::*;
use crate::case::event::{Commitment, NoteAdded};
use crate::case::facts::Given;
use crate::id::{LimitName, PersonId, RoleName, Version};
use crate::money::Money;
use crate::workflow::limit::Period;

fn entry() -> Entry {
    Entry {
        act: "note".to_owned(),
        actor: Actor {
            person: PersonId::new(Uuid::from_u128(7)),
            principal: PrincipalId::new(Uuid::from_u128(0xa11ce)),
            role: RoleName::new("agent").unwrap(),
            via: Some("crm".to_owned()),
        },
        at: Timestamp::from_micros(1).unwrap(),
        events: vec![Event::NoteAdded(NoteAdded {
            note: Commitment(Digest([9; 32])),
        })],
        facts: Facts {
            given: vec![Given {
                limit: LimitName::new("goodwill").unwrap(),
                period: Period::Week,
                person: PersonId::new(Uuid::from_u128(7)),
                since: Timestamp::from_micros(0).unwrap(),
                sum: Money::parse("40 EUR").unwrap(),
            }],
            surveyed: Vec::new(),
        },
        held: true,
        log: "heard.invalid/00".to_owned(),
        prev: Some(Digest([2; 32])),
        request: RequestHashes {
            body: Digest([3; 32]),
            id: Digest([4; 32]),
        },
        revision: Revision(2),
        stream: StreamName::Case(CaseId::new(Uuid::from_u128(1))),
        v: FORMAT,
        workflow: Some(WorkflowRef {
            id: WorkflowId::new("lamps").unwrap(),
            sha256: Digest([5; 32]),
            version: Version(1),
        }),
    }
}

/// The JSON of an entry with one part changed.
fn changed(change: impl FnOnce(&mut Json)) -> Vec<u8> {
    let mut json = serde_json::to_value(entry()).unwrap();
    change(&mut json);
    serde_json::to_vec(&json).unwrap()
}

#[test]
fn an_entry_has_one_form_and_reads_back() {
    let entry = entry();
    let bytes = entry.encode().unwrap();
    assert!(is_canonical(&bytes));
    assert_eq!(Entry::decode(&bytes).as_ref(), Ok(&entry));
    let json: Json = serde_json::from_slice(&bytes).unwrap();
    let keys: Vec<&String> = json.as_object().unwrap().keys().collect();
    assert_eq!(keys, Entry::KEYS, "every part stands in the list of parts");
}

#[test]
fn what_is_absent_leaves_no_trace() {
    let bare = Entry {
        facts: Facts::default(),
        held: false,
        prev: None,
        workflow: None,
        ..entry()
    };
    let bytes = bare.encode().unwrap();
    assert!(is_canonical(&bytes));
    let json: Json = serde_json::from_slice(&bytes).unwrap();
    assert_eq!(json.as_object().unwrap().len(), Entry::KEYS.len() - 4);
    assert_eq!(Entry::decode(&bytes), Ok(bare));
}

#[test]
fn canonical_json_has_one_spelling() {
    let canonical = [r#"{"a":1,"b":[true,"ä\n"]}"#, r#"{"n":-9007199254740991}"#];
    for text in canonical {
        assert!(is_canonical(text.as_bytes()), "{text}");
    }
    let others = [
        r#"{"b":1,"a":1}"#,
        r#"{"a": 1}"#,
        r#"{"a":1.5}"#,
        r#"{"a":1e3}"#,
        r#"{"a":null}"#,
        r#"{"a":"\u00e4"}"#,
        r#"{"a":9007199254740992}"#,
        r#"{"a":1,"a":1}"#,
        r#"{"a":1}x"#,
        "",
    ];
    for text in others {
        assert!(!is_canonical(text.as_bytes()), "{text}");
    }
}

#[test]
fn entries_of_a_later_build_are_not_damage() {
    let newer = [
        changed(|json| json["v"] = 2.into()),
        changed(|json| json["signed"] = "by us".into()),
        changed(|json| json["facts"]["staff"] = "at lunch".into()),
        changed(|json| json["events"][0] = serde_json::json!({"note_added.v2": {}})),
        changed(|json| json["events"] = serde_json::json!([{"moved.v1": {}}])),
    ];
    for bytes in newer {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        assert_eq!(Entry::decode(&bytes), Err(Unreadable::Newer), "{text}");
    }
}

#[test]
fn what_is_no_entry_is_damage() {
    let damaged = [
        b"{".to_vec(),
        b"[]".to_vec(),
        b"{}".to_vec(),
        changed(|json| json["events"] = Json::Array(Vec::new())),
        changed(|json| json["v"] = "1".into()),
        changed(|json| json["stream"] = "case/7".into()),
        changed(|json| json["events"][0]["note_added.v1"]["colour"] = "red".into()),
        changed(|json| json["actor"]["name"] = "Ana".into()),
    ];
    for bytes in damaged {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let decoded = Entry::decode(&bytes);
        assert!(
            matches!(decoded, Err(Unreadable::Damaged { .. })),
            "{text}: {decoded:?}"
        );
    }
}

#[test]
fn an_entry_is_not_larger_than_it_may_be() {
    let sized = |bytes: usize| Entry {
        act: "x".repeat(bytes),
        ..entry()
    };
    let frame = sized(0).encode().unwrap().len();
    let largest = sized(ENTRY_BYTES_MAX - frame).encode().unwrap();
    assert_eq!(largest.len(), ENTRY_BYTES_MAX);
    let bytes = ENTRY_BYTES_MAX + 1;
    assert_eq!(sized(bytes - frame).encode(), Err(TooLarge { bytes }));
}

#[test]
fn hashes_are_what_another_program_computes() {
    // Computed with hashlib of Python: SHA-256 of a zero byte and the bytes, and of principal, zero
    // byte and request id.
    assert_eq!(
        entry_hash(br#"{"v":1}"#).to_string(),
        "0fe7f04cd9688fb996eea9ae1248cbe83b4d04805413f35ab25ad9deb5a3cb32"
    );
    let principal = PrincipalId::new(Uuid::from_u128(0xa11ce));
    assert_eq!(
        request_hash(principal, &RequestId::new("request 1").unwrap()).to_string(),
        "f8dbaaf64fec2c9fa328d72eef0fd46b5da85b9dbc43bbe734bcb2548af9d5d6"
    );
}

#[test]
fn streams_are_read_and_written() {
    for text in [
        "case/00000000-0000-0000-0000-000000000001",
        "workflow/lamps",
        "store",
    ] {
        assert_eq!(StreamName::parse(text).unwrap().to_string(), text);
    }
    for wrong in [
        "",
        "case",
        "case/",
        "case/7",
        "workflow/Lamps",
        "store/1",
        "staff/1",
    ] {
        assert!(StreamName::parse(wrong).is_err(), "{wrong:?}");
    }
}
