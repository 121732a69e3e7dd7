//! Names that are ordinary words too, and words of a staff list that are nobody's name.

/// Words of staff lists that name nobody, and small words of names.
const NEVER_A_NAME: &str = "\
    team desk service services support billing admin administrator system bot department sales \
    account accounts office customer care help night shift duty manager test user guest agent \
    supervisor auditor role group staff the and der die das den von van vom zum zur del los las \
    les des dos das bin ibn ben mac herr frau mister miss missus madame monsieur senor senora \
    doctor prof professor sir dame lady reception front back house first second third";

/// Months, weekdays and seasons: with an owner's `s`, too, mostly not a person.
const PERIODS: &str = "\
    april may june july august summer autumn winter spring january september monday friday \
    saturday sunday juli juin mai mayo abril noel easter christmas sommer";

/// Nouns that German capitalises everywhere: alone they name nobody.
const GERMAN_NOUNS: &str = "\
    koch richter fischer jager vogel fuchs wolf kaiser konig herzog graf berg stein \
    baum busch kraft sturm frost haus keller kunde zimmer post bank dienst montag \
    freitag sonntag engel gluck bauer meister zeit ernst lang \
    kurz klein gross jung alt neu weiss schwarz braun roth rot gut reich stark schnell kunz ring \
    brand feld wald see bach brucke kirche turm hof garten blum blume sommer winter herbst \
    morgen abend tag wolke schaden vertrag fall wort not recht gabel teller hammer nagel schmied \
    muehle muhle platz markt";

/// Words that are ordinary in English, French or Spanish.
const ORDINARY: &str = "\
    will mark grace rose bill frank art faith hope joy dawn rob sue pat jack dean guy chase chance \
    grant drew gene rich miles penny daisy ivy lily violet amber crystal ruby pearl jade holly \
    heather hazel olive ginger iris melody harmony destiny angel christian robin jay ray cliff \
    dale glen heath lance nick pierce rusty skip stone ward wade trip buck bob don max josh peg \
    dot ernest baker butler carter cook cooper fisher hunter mason parker porter potter shepherd \
    taylor turner walker weaver young long short small little brown black white green gray grey \
    gold silver king knight price rice banks bank bush field fields forest hill lake marsh park \
    pool rivers waters wood woods bell ball church cross day flowers flower fox wolf bird swan \
    fish \
    gates hall house key keys lane law love major noble page pace peace power powers read reed \
    sharp street strong swift sweet wise winters summers frost snow case post best good savage \
    root close moody bishop abbot pope lord duke earl prince marshall bond cash dollar sterling \
    fair hardy head foot hand self sellers speed steel temple tower towers wells west north east \
    south camp chambers curry berry cherry bacon lamb call line cable charge cost deal order point \
    view store sale rate rates free new paris london berlin sydney florence victoria charity \
    constant patience prudence honor honour mercy clay reason english french german welsh scott \
    paige may ice star sky rain storm wind beach ocean river brook brooks ford royal golden \
    blanc blanche petit grand rouge fleur pierre claire aurore marine constance roman martin \
    leon angeles mercedes dolores consuelo pilar rosario cruz rey reyes flores rojo blanco moreno \
    delgado bravo campo campos iglesias mesa paz luz sol mar";

/// Ordinary words that nothing but a person is called: before a verb they are a name.
const NEVER_SUBJECT: &str = "will sue rob drew frank josh nick ernest bob don max";

const AFTER_A_PERSON: &str = "\
    was is had has did does forgot forgets should could would made never did ignored missed said \
    told sent gave took left failed refused and who from";

/// Returns whether a part of a name, folded, never names somebody alone.
pub(super) fn is_never_a_name(part: &str) -> bool {
    has(NEVER_A_NAME, part)
}

/// Returns whether a word is an ordinary one.
pub(super) fn is_ordinary(word: &str) -> bool {
    has(ORDINARY, word) || is_period(word) || is_german_noun(word)
}

/// Returns whether a word is a month, a day, a season.
pub(super) fn is_period(word: &str) -> bool {
    has(PERIODS, word)
}

/// Returns whether a word is one that German capitalises everywhere.
pub(super) fn is_german_noun(word: &str) -> bool {
    has(GERMAN_NOUNS, word)
}

/// Returns whether an ordinary word cannot be what a sentence is about.
pub(super) fn is_never_subject(word: &str) -> bool {
    has(NEVER_SUBJECT, word)
}

/// Returns whether a word goes on after a person's name.
pub(super) fn follows_a_person(word: &str) -> bool {
    has(AFTER_A_PERSON, word)
}

fn has(list: &str, word: &str) -> bool {
    list.split(' ').any(|one| !one.is_empty() && one == word)
}
