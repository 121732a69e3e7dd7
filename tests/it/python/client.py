"""A help desk in Python: opens a case, takes it to its end, and reads refusals as data.

Usage: client.py ADDRESS. Everything under `heard.v1` is generated from `proto/` by grpcio-tools.
"""

import sys
import uuid

import grpc
from google.rpc import error_details_pb2 as details
from grpc_status import rpc_status
from heard.v1 import act_pb2, case_pb2, case_service_pb2, case_service_pb2_grpc, cause_pb2
from heard.v1 import cause_service_pb2, cause_service_pb2_grpc, deadline_pb2, value_pb2
from heard.v1 import clock_service_pb2, clock_service_pb2_grpc

channel = grpc.insecure_channel(sys.argv[1])
cases = case_service_pb2_grpc.CaseServiceStub(channel)
clock = clock_service_pb2_grpc.ClockServiceStub(channel)
causes = cause_service_pb2_grpc.CauseServiceStub(channel)
agent = act_pb2.Actor(person=str(uuid.uuid4()), role="agent")
team_lead = act_pb2.Actor(person=str(uuid.uuid4()), role="team_lead")


def answers(**values):
    return [value_pb2.Answer(field=name, value=value) for name, value in values.items()]


def text(text):
    return value_pb2.Value(text=text)


def advance(case, action, actor=agent, **request):
    request.setdefault("request_id", str(uuid.uuid4()))
    return cases.AdvanceCase(
        case_service_pb2.AdvanceCaseRequest(
            actor=actor,
            case_id=case.case_id,
            expected_revision=case.revision,
            action=action,
            **request,
        ),
        timeout=10,
    )


def refused(call, *arguments, **request):
    """Returns the gRPC status and the details, by type, of a call that must be refused."""
    try:
        call(*arguments, **request)
    except grpc.RpcError as error:
        found = {}
        for packed in rpc_status.from_call(error).details:
            for kind in (details.ErrorInfo, details.BadRequest, details.PreconditionFailure):
                if packed.Is(kind.DESCRIPTOR):
                    found[kind] = kind()
                    packed.Unpack(found[kind])
        assert found[details.ErrorInfo].domain == "heard", found
        return error.code(), found
    raise AssertionError("it was not refused")


opened = cases.OpenCase(
    case_service_pb2.OpenCaseRequest(
        request_id=str(uuid.uuid4()), actor=agent, workflow_id="classic-heard"
    ),
    timeout=10,
)
case = opened.case
assert (opened.receipt.revision, case.place.name) == (1, "hear"), opened
offered = {offer.name: offer for offer in case.offers}
wanted = [field.field.name for field in offered["understood"].fields if field.required]
assert wanted == ["story", "wanted_outcome"], offered

# Nothing was asked of the customer yet: every missing answer is named at once.
status, found = refused(advance, case, "understood")
info, violations = found[details.ErrorInfo], found[details.PreconditionFailure].violations
assert status == grpc.StatusCode.FAILED_PRECONDITION, status
assert (info.reason, info.metadata["name"]) == ("HC007", "answers_missing"), info
assert "understood" in info.metadata["possible"].split(","), info
assert [(v.type, v.subject) for v in violations] == [("answers_missing", "story,wanted_outcome")]

# A value that does not suit its field is a fault of the request, and names its place.
happy = answers(feeling=value_pb2.Value(choice="overjoyed"))
status, found = refused(advance, case, "understood", answers=happy)
assert status == grpc.StatusCode.INVALID_ARGUMENT, status
assert found[details.ErrorInfo].reason == "HB004", found
assert [v.field for v in found[details.BadRequest].field_violations] == ["answers.feeling"], found

story = answers(
    story=text("I was promised a call on Monday. Nobody called."),
    wanted_outcome=text("Somebody who calls when they say so"),
)
first = advance(case, "understood", request_id="once", answers=story)
again = advance(case, "understood", request_id="once", answers=story)
assert again.receipt.repeated and not first.receipt.repeated, again
assert again.receipt.entry_sha256 == first.receipt.entry_sha256, again

# Somebody who saw an older revision is told so.
status, found = refused(advance, case, "understood", answers=story)
assert (status, found[details.ErrorInfo].reason) == (grpc.StatusCode.ABORTED, "HS001"), found

case = first.case
for place, action, given in [
    ("empathize", "done", answers(feeling=value_pb2.Value(choice="let_down"))),
    ("apologize", "done", answers(apology=text("I am sorry that nobody called you."))),
    ("resolve", "offer", answers(fix=text("The call took place today"))),
    ("call_back", "called", answers(accepted=value_pb2.Value(yes_no=True))),
]:
    assert case.place.name == place, case
    case = advance(case, action, answers=given).case

assert case.place.name == "diagnose", case
status, found = refused(advance, case, "done", actor=team_lead)
assert found[details.ErrorInfo].metadata["name"] == "cause_missing", found
whys = ["The call was on nobody's list", "Hand-overs go by word of mouth", "The tool shows no promises"]
shown = cause_pb2.Evidence(reference="the list of that Monday")
recorded = causes.RecordRootCause(
    cause_service_pb2.RecordRootCauseRequest(
        request_id=str(uuid.uuid4()),
        actor=team_lead,
        case_id=case.case_id,
        expected_revision=case.revision,
        group="process",
        name="handover",
        statement="A promised call was lost between two shifts",
        whys=[cause_pb2.Why(statement=why, evidence=[shown]) for why in whys],
    ),
    timeout=10,
)
case = advance(recorded.case, "done", actor=team_lead).case
assert case.place.kind == case_pb2.PLACE_KIND_OUTCOME and case.place.name == "resolved", case

shown = cases.GetCase(case_service_pb2.GetCaseRequest(case_id=case.case_id), timeout=10)
sealed = [a.field for a in shown.answers if a.disclosure == case_pb2.DISCLOSURE_SEALED]
assert "story" in sealed and shown.case.revision == case.revision, shown
history = cases.ListEntries(case_service_pb2.ListEntriesRequest(case_id=case.case_id), timeout=10)
assert len(history.entries) == case.revision, history

# What runs by itself comes with the case, and each deadline can be explained.
running = {deadline.name: deadline for deadline in case.deadlines}
assert running["clock/resolution"].verdict == deadline_pb2.VERDICT_MET, running
assert running["promise/call_back_by"].verdict == deadline_pb2.VERDICT_KEPT, running
assert running["promise/call_back_by"].text.startswith("We will call you back by 2"), running
asked = case_service_pb2.ExplainClockRequest(case_id=case.case_id, deadline="clock/resolution")
explained = cases.ExplainClock(asked, timeout=10)
counted = sum(i.length.ToMicroseconds() for i in explained.intervals if i.counted)
assert counted == explained.counted.ToMicroseconds() and not explained.HasField("left"), explained
now = clock.GetClock(clock_service_pb2.GetClockRequest(), timeout=10).clock
assert not now.virtual and now.HasField("next_due_time"), now
print(f"{case.place.title}: {case.revision} entries")
