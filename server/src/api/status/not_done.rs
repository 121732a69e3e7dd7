//! The "no" to a part of a call, as a message.

use heard_proto::v1;

use crate::app;

/// What is said of a part that was not begun when the deadline of its call came. An earlier call
/// may have done it: that is not looked up.
const NOT_BEGUN: &str = "the deadline of the call came first: this was not begun by this call. \
                         Whether an earlier one did it is told by sending the call again with the \
                         same request_id, which does it where it is missing";

/// Says why a part of a call was not done: what its own call would say, and more where more is
/// known.
pub(in crate::api) fn not_done(error: app::Error) -> v1::NotDone {
    let code = error.code();
    let known = matches!(error, app::Error::DeadlinePassed).then(|| NOT_BEGUN.to_owned());
    let status = super::of(error);
    v1::NotDone {
        status: status.code().into(),
        code: code.as_str().to_owned(),
        name: code.name().to_owned(),
        message: known.unwrap_or_else(|| status.message().to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use heard_engine::case::seal::BadRequest;
    use heard_engine::code::Code;

    use super::*;

    #[test]
    fn a_part_says_what_its_own_call_would_say() {
        let bad = BadRequest::one(Code::HB001, "customer", "it is a UUID");
        let part = not_done(app::Error::Bad(bad.clone()));
        let whole = super::super::bad_request(bad);
        assert_eq!(part.message, whole.message());
        assert_eq!(part.status, i32::from(whole.code()));
        assert_eq!(
            (part.code.as_str(), part.name.as_str()),
            ("HB001", "malformed")
        );
    }

    #[test]
    fn what_was_not_begun_is_told_from_what_is_not_known() {
        let late = not_done(app::Error::DeadlinePassed);
        assert!(late.message.contains("not begun by this call"), "{late:?}");
        let unknown = not_done(app::Error::Unanswered);
        assert!(
            unknown.message.contains("whether a change was made"),
            "{unknown:?}"
        );
        assert_eq!((late.code, unknown.code), ("HS008".into(), "HS008".into()));
    }
}
