//! English: words that blame, and the parts that words play.

use super::{Group, Language, Role, Said};

const CHECK: &str = "the step has no second check, so a slip reaches the customer";
const GUIDE: &str = "the guide does not say what to do when a card has expired";
const ROSTER: &str = "the roster leaves one person for forty calls at noon";
const REMINDER: &str = "nothing reminds anybody to call back when the part has come";
const RULE: &str = "the rule takes ten minutes a call, and the target is four, so it is left out";
const FORM: &str = "the form takes any account number, and nothing compares it with the name";
const SCREEN: &str = "the screen shows both accounts alike, so the wrong one is easily picked";

pub(super) const LIST: Language = Language {
    groups: &[
        Group {
            said: Said::Trait,
            is_slip: false,
            better: CHECK,
            words: "careless, carelessly, sloppy, sloppily, slipshod, slapdash, negligent, \
                negligently, neglectful, neglectfully, reckless, recklessly, inattentive, \
                inattentively, irresponsible, irresponsibly, thoughtless, thoughtlessly, heedless, \
                absent minded, absentminded, scatterbrained, lackadaisical, shoddy, half hearted, \
                half heartedly, half asleep, blameworthy, inexcusable, inexcusably",
        },
        Group {
            said: Said::Noun,
            is_slip: false,
            better: CHECK,
            words: "carelessness, sloppiness, negligence, recklessness, thoughtlessness, \
                irresponsibility, dereliction of duty, asleep at the wheel, asleep on the job, \
                culprit, culprits",
        },
        Group {
            said: Said::Trait,
            is_slip: false,
            better: GUIDE,
            words: "incompetent, incompetently, inept, ineptly, stupid, stupidly, dumb, idiotic, \
                moronic, clueless, ignorant, dimwitted, dim witted, half witted, foolish, \
                foolishly, brainless, gormless, daft, not up to the job, not fit for the job",
        },
        Group {
            said: Said::Noun,
            is_slip: false,
            better: GUIDE,
            words: "incompetence, ineptitude, stupidity, idiocy, idiot, idiots, moron, morons, \
                imbecile, imbeciles, dimwit, dimwits, halfwit, fool, fools, clown, clowns, \
                rookie mistake|error, schoolboy error, bad apple|apples, dead wood, amateur hour, \
                lack|lacks|lacked ~ common sense, no common sense, out of his|her|their depth",
        },
        Group {
            said: Said::Trait,
            is_slip: false,
            better: ROSTER,
            words: "lazy, lazily, workshy, work shy, bone idle",
        },
        Group {
            said: Said::Noun,
            is_slip: false,
            better: ROSTER,
            words: "laziness, lazybones, slacker, slackers, skiver, skivers, poor|bad attitude, \
                attitude problem, poor work ethic, lack of effort|interest|commitment|discipline, \
                not be bothered, not be arsed",
        },
        Group {
            said: Said::Act,
            is_slip: false,
            better: ROSTER,
            words: "not ~ bother, not ~ bothered to, never bothered, never bothers, \
                not care less, not ~ care enough, not give a damn, not make ~ effort, slacked off, \
                slacking, slacking off, cut corners, cutting corners, cuts corners, \
                passed the buck, turned a blind eye, looked the other way, phoned it in, \
                went through the motions, dragged his|her|their feet, \
                dropped|drops the ball, fell asleep, messed ~ up, mucked ~ up, screwed ~ up, \
                fouled ~ up, cocked ~ up, botched, bungled, blew it, blundered, \
                paid no attention, had no excuse",
        },
        Group {
            said: Said::Act,
            is_slip: false,
            better: GUIDE,
            words: "should ~ have known, should ~ have noticed|realised|realized|spotted, \
                should know better, should know by now, ought to have known|noticed|seen|realised, \
                must have known, knew better, knew full|perfectly|very well, \
                had been told often enough, had been told ~ times, \
                any idiot, any fool, failed to use common sense",
        },
        Group {
            said: Said::OfStaff,
            is_slip: false,
            better: GUIDE,
            words: "should have, ought to have, could ~ have bothered",
        },
        Group {
            said: Said::Forgot,
            is_slip: false,
            better: REMINDER,
            words: "forgot, forgets, had|has|have ~ forgotten, kept|keeps forgetting, \
                neglected to, neglects to",
        },
        Group {
            said: Said::OfStaff,
            is_slip: false,
            better: REMINDER,
            words: "failed to, fails to, omitted to, neglected, neglecting",
        },
        Group {
            said: Said::Act,
            is_slip: false,
            better: RULE,
            words: "ignored|ignoring|ignores|ignore|disregarded|disregards|disregarding|flouted|\
                flouts|flouting|broke|breaks|bent|violated|violates|breached ~ \
                rule|rules|procedure|procedures|policy|policies|instruction|instructions|\
                guideline|guidelines|protocol|protocols|sop|warning|warnings, \
                refused to follow, chose to ignore",
        },
        Group {
            said: Said::OfStaff,
            is_slip: false,
            better: RULE,
            words: "ignored, ignores, deliberately, intentionally, wilfully, willfully, knowingly, \
                on purpose, lied, lies to, was lying, cheated, sabotaged",
        },
        Group {
            said: Said::Noun,
            is_slip: false,
            better: RULE,
            words: "liar, liars",
        },
        Group {
            said: Said::OfPerson,
            is_slip: false,
            better: CHECK,
            words: "unprofessional, unprofessionally, clumsy, clumsily, hopeless, useless, \
                dishonest, untrustworthy, unreliable, disinterested, uninterested, unwilling, \
                indifferent, guilty, \
                responsible for ~ error|errors|mistake|mistakes|mess|failure|delay|loss, \
                held responsible|accountable, bears|bear|bore ~ responsibility|blame",
        },
        Group {
            said: Said::Owned,
            is_slip: false,
            better: FORM,
            words: "fault, culpability, guilt",
        },
        Group {
            said: Said::Act,
            is_slip: false,
            better: FORM,
            words: "to blame, at fault, in the wrong, took the blame, takes the blame",
        },
        Group {
            said: Said::Toward,
            is_slip: false,
            better: FORM,
            words: "blame, blames, blamed, blaming, blame lies with, blame falls on, blame on, \
                blamed on, blame to, point the finger at, points the finger at, \
                pointing the finger at",
        },
        Group {
            said: Said::Noun,
            is_slip: true,
            better: SCREEN,
            words: "human \
                error|errors|mistake|mistakes|failing|failure|fault|slip|lapse|oversight, \
                operator error|errors|mistake, user error, pilot error, agent error, \
                handler error, staff error|mistake, employee error|mistake, driver error, \
                clerical error, manual error, keying error, typing error, individual error, \
                individual failure, error of judgement|judgment, \
                lack|lacks|lacked of attention|care|diligence|concentration|focus|vigilance, \
                inattention, inattentiveness, forgetfulness, absent mindedness, lapse of \
                attention, \
                lapse in concentration|attention, momentary lapse, not paying attention, \
                not pay attention, not ~ careful enough, not being careful, without due care, \
                an oversight, simple oversight, simple mistake, honest mistake",
        },
        Group {
            said: Said::OfPerson,
            is_slip: true,
            better: SCREEN,
            words: "made|makes|making|make ~ mistake|mistakes|error|errors, got it wrong, \
                slipped up, typed|entered|keyed|picked|chose|selected|sent|dialled|dialed|scanned|\
                copied|gave|took|booked|pressed ~ wrong, mistyped, misread, misheard, misjudged, \
                mixed ~ up, overlooked, \
                was distracted, were distracted, was tired, was confused, \
                not follow ~ procedure|procedures|rule|rules|policy|process|instructions|guide",
        },
        Group {
            said: Said::Owned,
            is_slip: true,
            better: SCREEN,
            words: "mistake, error, oversight, lapse, failing, blunder",
        },
        Group {
            said: Said::Harmless,
            is_slip: false,
            better: "",
            words: "made ~ in error, should have been, should have had, should have received, \
                should have got, \
                should have a|an|the|access|no|their|his|her|all, \
                no fault of, lazy loading|loaded|load|eye|susan|river, dumb waiter, \
                dumb terminal|terminals, fool proof, at fault claim|claims|accident|accidents|\
                driver|party|insurer, no fault, fault code|codes|report|reports|line|ticket|number|\
                finding|tolerance, find|found|finding|finds fault, human error rate|rates, \
                contributory negligence, negligence claim|claims|cover|insurance|clause|law, \
                blame free, no blame, blame culture, professional negligence, medical negligence, \
                clinical negligence, useless to, hopeless to, fell asleep on hold, \
                error message|messages|code|codes|page|screen|log|rate, not guilty",
        },
    ],
    roles: &[
        (
            Role::Staff,
            "agent advisor adviser employee colleague coworker clerk cashier teller driver courier \
            technician engineer nurse doctor surgeon waiter waitress receptionist porter concierge \
            housekeeper housekeeping cleaner chef cook bartender manager supervisor operator \
            handler crew pilot steward stewardess attendant staff staffer worker representative \
            rep assistant associate trainee intern apprentice temp contractor installer developer \
            programmer administrator analyst officer inspector picker packer loader dispatcher \
            planner coordinator team management boss superior predecessor newcomer starter midwife \
            physiotherapist pharmacist physician registrar consultant butler guard salesperson \
            salesman saleswoman salespeople underwriter adjuster broker banker postman plumber \
            electrician fitter baker hairdresser teacher therapist dentist paramedic orderly \
            personnel workforce",
        ),
        (
            Role::Person,
            "he she they i him them someone somebody person people man woman guy individual \
            everyone everybody whoever",
        ),
        (
            Role::Customer,
            "customer passenger guest patient caller client user member tenant policyholder \
            traveller traveler subscriber buyer shopper relative visitor complainant cardholder \
            payer borrower applicant resident",
        ),
        (
            Role::House,
            "we us company bank airline hotel hospital shop store department organisation \
            organization supplier vendor carrier partner insurer office headquarters firm clinic \
            branch warehouse manufacturer provider agency",
        ),
        (
            Role::Thing,
            "system app form page website site web software script bot chatbot template letter \
            email mail wording text default setting button field screen menu policy process \
            procedure rule checklist guide manual router modem terminal printer scanner machine \
            device part cable line network server database invoice contract timer alarm sensor \
            lock door engine aircraft weather code algorithm queue calendar roster design layout \
            label packaging box parcel product update release migration deploy configuration \
            integration interface api program tool portal ticket tariff price step check control \
            reminder training handover handoff schedule report record phone keyboard battery pump \
            valve meter switch boiler lift elevator fridge oven gate belt scheduler job query loop \
            question questions answer announcement sign naming comparison \
            instruction instructions guidance workflow list menu memo note notes clock import \
            export address link card bill total fee figure code date clause wizard route map file \
            spreadsheet sheet column dropdown list box boxes pipeline",
        ),
        (Role::Owner, "his her their my your whose"),
        (
            Role::Negator,
            "no not nobody none never neither nor without nothing hardly noone non unfair wrong",
        ),
        (
            Role::Article,
            "the a an this these those our its some any each every such",
        ),
        (
            Role::Preposition,
            "in on at of with from for by to via under over about into inside near within per upon \
            beside behind like",
        ),
        (
            Role::Copula,
            "is was were are be been being am seems seemed looks looked appears appeared became \
            too \
            very so rather quite simply just plain plainly downright utterly completely really \
            pretty extremely totally lies lay rests rested acted acts worked works behaved",
        ),
        (
            Role::Because,
            "because since due owing through when while whilst after before if although though \
            whereas but which who until unless where",
        ),
        (Role::That, "that"),
        (Role::And, "and then"),
    ],
    endings: &[],
};
