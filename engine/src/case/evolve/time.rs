//! How what happens by its time changes a case.

use crate::case::deadline::{Deadline, DeadlineKind, DeadlineName, Mark, Rung, Stopped, Verdict};
use crate::case::event::{
    ClockExtended, DeadlineFired, DeadlinePaused, DeadlineResumed, DeadlineStarted,
    DeadlineStopped, FollowUpDone, PromiseRenegotiated, SurveyAnswered, SurveySent, SurveySkipped,
};
use crate::case::{Case, Meta};

type Evolved = Result<(), &'static str>;

pub(super) fn start(case: &mut Case, started: &DeadlineStarted) -> Evolved {
    if started.number != case.deadlines_started + 1 {
        return Err("the number of the deadline does not follow");
    }
    let before = case.deadlines.remove(&started.deadline);
    if before.as_ref().is_some_and(Deadline::is_running) {
        return Err("the deadline is running already");
    }
    if started.waits && !(started.marks.is_empty() && started.due.is_none()) {
        return Err("a deadline that waits is not due");
    }
    case.deadlines_started = started.number;
    let mut deadline = Deadline {
        anchor: started.anchor,
        calendar: started.calendar.clone(),
        due: started.due,
        field: started.field.clone(),
        is_extended: false,
        late_at: None,
        length: started.length.clone(),
        marks: ordered(&started.marks)?,
        number: started.number,
        open_since: None,
        paused_since: started.paused.then_some(case.effective_at),
        pauses: Vec::new(),
        fired: Vec::new(),
        statutory: started.statutory,
        stopped: None,
        taken_from: None,
        waits: started.waits,
    };
    match before {
        Some(before) if before.waits && before.stopped.is_none() => {
            deadline.pauses = before.pauses;
            deadline.paused_since = before.paused_since;
            deadline.taken_from = before.taken_from;
        }
        Some(before) if started.moved && before.stopped.is_some() => {
            deadline.pauses = before.pauses;
            deadline.is_extended = before.is_extended;
        }
        Some(before) if started.goes_on => {
            deadline.fired = before.fired;
            deadline.late_at = before.late_at;
            deadline.taken_from = before.taken_from;
            deadline.is_extended = before.is_extended;
        }
        Some(_) | None if started.goes_on || started.moved => {
            return Err("there is nothing that could go on");
        }
        Some(_) | None => {}
    }
    case.deadlines.insert(started.deadline.clone(), deadline);
    Ok(())
}

fn ordered(marks: &[Mark]) -> Result<Vec<Mark>, &'static str> {
    if marks.is_sorted() {
        Ok(marks.to_vec())
    } else {
        Err("the marks of the deadline are out of order")
    }
}

/// Finds a deadline that runs.
fn running<'c>(
    case: &'c mut Case,
    name: &DeadlineName,
    number: u32,
) -> Result<&'c mut Deadline, &'static str> {
    let open = open(case, name, number)?;
    let running = Some(open).filter(|deadline| deadline.is_running());
    running.ok_or("there is no such deadline running")
}

/// Finds a deadline that has not ended, also one that waits for its condition.
fn open<'c>(
    case: &'c mut Case,
    name: &DeadlineName,
    number: u32,
) -> Result<&'c mut Deadline, &'static str> {
    let deadline = case.deadlines.get_mut(name);
    let open = deadline.filter(|deadline| deadline.number == number && deadline.stopped.is_none());
    open.ok_or("there is no such deadline")
}

pub(super) fn pause(case: &mut Case, paused: &DeadlinePaused) -> Evolved {
    let at = case.effective_at;
    let deadline = open(case, &paused.deadline, paused.number)?;
    if deadline.statutory || deadline.paused_since.is_some() {
        return Err("the deadline cannot be paused");
    }
    deadline.paused_since = Some(at);
    // What was reached before, or at this very instant, stays reached.
    deadline.marks.retain(|mark| mark.at <= at);
    deadline.due = deadline.due.filter(|due| *due <= at);
    Ok(())
}

pub(super) fn resume(case: &mut Case, resumed: &DeadlineResumed) -> Evolved {
    let at = case.effective_at;
    let deadline = open(case, &resumed.deadline, resumed.number)?;
    let since = deadline.paused_since.take();
    let since = since.ok_or("the deadline does not stand still")?;
    if since < at {
        deadline.pauses.push((since, at));
    }
    if deadline.waits && !(resumed.marks.is_empty() && resumed.due.is_none()) {
        return Err("a deadline that waits is not due");
    }
    deadline.due = resumed.due;
    deadline.marks = ordered(&resumed.marks)?;
    Ok(())
}

pub(super) fn fire(case: &mut Case, meta: &Meta<'_>, fired: &DeadlineFired) -> Evolved {
    if fired.effective_at > meta.at || fired.mark > fired.effective_at {
        return Err("the deadline fired too early");
    }
    case.effective_at = fired.effective_at;
    let deadline = running(case, &fired.deadline, fired.number)?;
    let mark = Mark {
        at: fired.mark,
        rung: fired.rung,
    };
    if deadline.next() != Some(mark) {
        return Err("the deadline has no such mark next");
    }
    deadline.marks.remove(0);
    deadline.fired.push(mark);
    match fired.rung {
        Rung::Late => deadline.late_at = Some(fired.mark),
        Rung::Open => deadline.open_since = Some(fired.effective_at),
        Rung::Warn | Rung::After(_) | Rung::Then | Rung::Close => {}
    }
    Ok(())
}

pub(super) fn stop(case: &mut Case, stopped: &DeadlineStopped) -> Evolved {
    end(case, &stopped.deadline, stopped.number, stopped.verdict)
}

fn end(case: &mut Case, name: &DeadlineName, number: u32, verdict: Verdict) -> Evolved {
    let at = case.effective_at;
    let closing = case.is_closed().then_some(case.opening);
    let deadline = open(case, name, number)?;
    deadline.stopped = Some(Stopped {
        at,
        closing,
        verdict,
    });
    // What ends at its own due instant is late though its mark fires no more.
    if verdict == Verdict::Late && deadline.late_at.is_none() {
        deadline.late_at = deadline.due.filter(|due| *due <= at);
    }
    deadline.marks.clear();
    if let Some(since) = deadline.paused_since.take()
        && since < at
    {
        deadline.pauses.push((since, at));
    }
    Ok(())
}

pub(super) fn extend(case: &mut Case, extended: &ClockExtended) -> Evolved {
    let deadline = running(case, &extended.deadline, extended.number)?;
    if deadline.is_extended || deadline.is_late() {
        return Err("the clock cannot be extended");
    }
    deadline.is_extended = true;
    // It warns anew, also after a pause or when the case is opened again.
    deadline.fired.retain(|mark| mark.rung != Rung::Warn);
    deadline.length = Some(extended.length.clone());
    deadline.due = extended.due;
    deadline.marks = ordered(&extended.marks)?;
    Ok(())
}

pub(super) fn renegotiate(case: &mut Case, new: &PromiseRenegotiated) -> Evolved {
    let name = DeadlineName::new(DeadlineKind::Promise, new.promise.as_str());
    let deadline = running(case, &name, new.number)?;
    deadline.due = Some(new.due);
    deadline.length = None;
    deadline.late_at = None;
    deadline.marks = ordered(&new.marks)?;
    Ok(())
}

pub(super) fn send(case: &mut Case, sent: &SurveySent) -> Evolved {
    let at = case.effective_at;
    let name = DeadlineName::new(DeadlineKind::Survey, sent.survey.as_str());
    let deadline = running(case, &name, sent.number)?;
    if deadline.open_since.is_none() {
        return Err("the survey is not to be sent yet");
    }
    let close = sent.closes_at.map(|at| Mark {
        at,
        rung: Rung::Close,
    });
    deadline.due = sent.closes_at;
    deadline.marks = close.into_iter().collect();
    case.surveys_sent.push((sent.survey.clone(), at));
    Ok(())
}

pub(super) fn skip(case: &mut Case, skipped: &SurveySkipped) -> Evolved {
    let name = DeadlineName::new(DeadlineKind::Survey, skipped.survey.as_str());
    end(case, &name, skipped.number, Verdict::Skipped)
}

pub(super) fn answer(case: &mut Case, answered: &SurveyAnswered) -> Evolved {
    let name = DeadlineName::new(DeadlineKind::Survey, answered.survey.as_str());
    end(case, &name, answered.number, Verdict::Done)
}

pub(super) fn done(case: &mut Case, done: &FollowUpDone) -> Evolved {
    let name = DeadlineName::new(DeadlineKind::FollowUp, done.follow_up.as_str());
    end(case, &name, done.number, Verdict::Done)
}
