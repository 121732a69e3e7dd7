//! German: words that blame, and the parts that words play.

use super::{Group, Language, Role, Said};

const CHECK: &str = "im Ablauf fehlt eine zweite Prüfung, so erreicht ein Fehler den Kunden";
const GUIDE: &str = "die Anleitung sagt nicht, was bei abgelaufener Karte zu tun ist";
const ROSTER: &str = "der Dienstplan sieht mittags eine Person für vierzig Anrufe vor";
const REMINDER: &str = "nichts erinnert an den Rückruf, wenn das Ersatzteil da ist";
const RULE: &str = "die Regel kostet zehn Minuten je Anruf, vorgesehen sind vier";
const FORM: &str = "das Formular nimmt jede Kontonummer an und vergleicht sie nicht mit dem Namen";
const SCREEN: &str = "die Maske zeigt beide Konten gleich an, da ist das falsche leicht gewählt";

pub(super) const LIST: Language = Language {
    groups: &[
        Group {
            said: Said::Trait,
            is_slip: false,
            better: CHECK,
            words: "nachlässig, nachlässige, nachlässiger, nachlässigen, nachlässiges, \
                nachlässigem, fahrlässig, fahrlässige, fahrlässiger, fahrlässigen, fahrlässiges, \
                grob fahrlässig*, schlampig*, schludrig*, unachtsam, unachtsame, unachtsamer, \
                unachtsamen, unachtsames, unaufmerksam, unaufmerksame, unaufmerksamer, \
                unaufmerksamen, leichtsinnig*, leichtfertig*, gedankenlos, gedankenlose*, \
                verantwortungslos, verantwortungslose*, gleichgültig, gleichgültige*, \
                unsorgfältig*, pflichtvergessen*",
        },
        Group {
            said: Said::Noun,
            is_slip: false,
            better: CHECK,
            words: "nachlässigkeit*, fahrlässigkeit*, schlamperei*, schluderei*, leichtsinn, \
                leichtfertigkeit, gedankenlosigkeit, verantwortungslosigkeit, gleichgültigkeit, \
                pflichtverletzung, der|die schuldige*, den schuldigen, wer schuld ist",
        },
        Group {
            said: Said::Trait,
            is_slip: false,
            better: GUIDE,
            words: "inkompetent*, unfähig, unfähige, unfähiger, unfähigen, dumm, dumme, dummer, \
                dummen, dummes, blöd, blöde, blöder, blöden, doof, doofe, doofer, dämlich*, \
                ahnungslos, ahnungslose*, begriffsstutzig*, idiotisch*",
        },
        Group {
            said: Said::Noun,
            is_slip: false,
            better: GUIDE,
            words: "inkompetenz, unfähigkeit, dummheit*, blödheit, idiot*, trottel, depp, deppen, \
                stümper*, pfuscher, versager",
        },
        Group {
            said: Said::Trait,
            is_slip: false,
            better: ROSTER,
            words: "faul, faule, fauler, faulen, faules, arbeitsscheu*, desinteressiert*, \
                lustlos*, träge",
        },
        Group {
            said: Said::Noun,
            is_slip: false,
            better: ROSTER,
            words: "faulheit, faulpelz, drückeberger, dienst nach vorschrift, \
                mangelnde|mangelndes|mangelnder|fehlende|fehlendes ~ interesse|disziplin|\
                motivation|einsatz, schlechte|falsche einstellung",
        },
        Group {
            said: Said::Act,
            is_slip: false,
            better: ROSTER,
            words: "keine lust, hatte|hatten|hat|haben ~ keine lust, keine mühe gegeben, \
                keine mühe gemacht, nicht ~ mühe gemacht|gegeben, war ~ egal, wollte ~ nicht \
                bemühen, \
                geschlampt, gepfuscht, vermasselt, verbockt, verpennt, verschlafen, \
                nicht für nötig gehalten, nicht ~ gekümmert",
        },
        Group {
            said: Said::Act,
            is_slip: false,
            better: GUIDE,
            words: "hätte|hätten ~ wissen|merken|sehen|erkennen müssen|sollen|können, \
                hätte|hätten es wissen|merken|sehen|erkennen müssen|sollen|können, \
                wissen|merken|erkennen müssen|sollen hätte, \
                hätte|hätten ~ besser aufpassen, wider besseres wissen, \
                hätte|hätten ~ sich denken können, hätte auffallen müssen, \
                müsste es besser wissen, kein verständnis dafür",
        },
        Group {
            said: Said::Forgot,
            is_slip: false,
            better: REMINDER,
            words: "vergaß, vergaßen, vergisst, hat|haben|habe|hatte|hatten ~ vergessen, \
                hat|haben|hatte|hatten ~ ~ vergessen, vergessen hat|hatte|haben|hatten",
        },
        Group {
            said: Said::Act,
            is_slip: false,
            better: RULE,
            words: "vorschrift|vorschriften|regel|regeln|anweisung|anweisungen|vorgabe|vorgaben|\
                anleitung|warnung|warnungen|richtlinie|richtlinien ~ \
                ignoriert|missachtet|gebrochen|verletzt|missachtete, \
                ignoriert|ignorierte|missachtete|missachtet ~ vorschrift|vorschriften|regel|regeln|\
                anweisung|anweisungen|vorgabe|vorgaben|warnung|richtlinie|richtlinien, \
                über ~ regeln|vorschriften|anweisungen hinweggesetzt",
        },
        Group {
            said: Said::OfStaff,
            is_slip: false,
            better: RULE,
            words: "ignoriert, ignorierte, absichtlich, vorsätzlich, mutwillig, gelogen, belogen, \
                versäumte, hat ~ versäumt, unterließ, hätte ~ müssen, hätten ~ müssen",
        },
        Group {
            said: Said::OfPerson,
            is_slip: false,
            better: CHECK,
            words: "unprofessionell*, ungeschickt*, unzuverlässig*, unfreundlich und faul, \
                schuldhaft*, unehrlich*, verantwortlich für den fehler|schaden, \
                trägt|tragen|trug die verantwortung|schuld, selbst|selber schuld",
        },
        Group {
            said: Said::Owned,
            is_slip: false,
            better: FORM,
            words: "schuld, verschulden, alleinschuld, mitschuld",
        },
        Group {
            said: Said::Act,
            is_slip: false,
            better: FORM,
            words: "ist|sind|war|waren|sei ~ schuld, hat|hatte|haben|trägt ~ schuld, schuld hat, \
                schuld war|ist|waren|sind, schuld trägt|trug, an allem schuld, schuld daran",
        },
        Group {
            said: Said::Noun,
            is_slip: true,
            better: SCREEN,
            words: "menschliches|menschlichen|menschlichem versagen, \
                menschlicher|menschlichen|menschliche fehler, menschlicher|menschlichen irrtum, \
                individueller|individuelle|individuellen fehler, bedienfehler, bedienungsfehler, \
                anwenderfehler, flüchtigkeitsfehler, eingabefehler, tippfehler, leichtsinnsfehler, \
                unachtsamkeit*, unaufmerksamkeit*, mangelnde|mangelnder|fehlende|fehlender \
                aufmerksamkeit|sorgfalt|konzentration, mangel an aufmerksamkeit|sorgfalt, \
                versehen, \
                versehentlich, nicht aufgepasst, nicht richtig aufgepasst, \
                nicht ~ aufmerksam genug, vergesslichkeit, personenfehler",
        },
        Group {
            said: Said::OfPerson,
            is_slip: true,
            better: SCREEN,
            words: "falsch abgelesen|eingegeben|gebucht|eingetippt|verstanden|gelesen|eingetragen|\
                verbunden|zugestellt, vertippt, verlesen, vertan, geirrt, verwechselt, \
                verwechselte, \
                hat ~ fehler gemacht, hat ~ fehler begangen, machte ~ fehler, fehler gemacht, \
                hat ~ übersehen, übersah, \
                nicht an ~ vorschrift|vorschriften|regel|regeln|anweisung|vorgaben|ablauf gehalten",
        },
        Group {
            said: Said::Owned,
            is_slip: true,
            better: SCREEN,
            words: "fehler, irrtum, patzer, fehlverhalten, fehlentscheidung",
        },
        Group {
            said: Said::Harmless,
            is_slip: false,
            better: "",
            words: "ohne verschulden, ohne eigenes verschulden, idiotensicher*, versehen mit, \
                mit ~ versehen, wurde ~ versehen, ist ~ versehen, faule eier|früchte|kompromisse, \
                faules obst|ei, fehler im|in|beim|am|an, fehler der software|maschine, \
                ist ~ vergessen worden, keine schuld, kein verschulden",
        },
    ],
    roles: &[
        (
            Role::Staff,
            "mitarbeiter* kollege kollegen kollegin kolleginnen angestellte* sachbearbeiter* \
            berater* kundenberater* fahrer fahrers fahrerin fahrern zusteller* kurier techniker* \
            monteur* kellner* empfangsmitarbeiter* rezeptionist* pfleger* krankenschwester* arzt \
            arztes ärztin ärzte verkäufer* kassierer* disponent* schichtleiter* teamleiter* leiter \
            vorgesetzte* chef chefs chefin bediener* bearbeiter* azubi* auszubildende* praktikant* \
            aushilfe* personal personals belegschaft entwickler* pilot piloten flugbegleiter* \
            bote boten hausmeister* lagerist* koch köchin nachtportier \
            portier lehrling* steward stewardess operateur* schalterbeamte* beamte* vertreter \
            vertreters",
        ),
        (
            Role::Person,
            "er jemand man mensch menschen leute person personen einer derjenige ihm",
        ),
        (
            Role::Customer,
            "kunde kunden kundin kundinnen gast gäste gastes patient* passagier* fahrgast \
            reisende* \
            anrufer* nutzer* mieter* mitglied*",
        ),
        (
            Role::House,
            "wir uns firma unternehmen bank hotel krankenhaus abteilung werkstatt lieferant* \
            filiale kundendienst spedition hersteller* versicherung zentrale",
        ),
        (
            Role::Thing,
            "formular* maske software programm* vorlage* seite* anlage gerät* maschine* ablauf \
            prozess* verfahren regel* anleitung* vorschrift* checkliste* dienstplan* schulung* \
            prüfung* kontrolle* erinnerung* server netz netzwerk* leitung datenbank* rechnung* \
            vertrag* tarif* brief* schreiben text* voreinstellung* einstellung* feld* knopf taste* \
            schnittstelle* kalender warteschlange* skript* alarm* sensor* tür aufzug heizung \
            wetter paket* etikett* kabel router drucker obst eier früchte fleisch gemüse automat* \
            automatik hinweis* anzeige* liste* übergabe* vorgang*",
        ),
        (
            Role::Owner,
            "sein seine seinem seinen seiner seines ihr ihre ihrem ihren ihrer ihres mein meine \
            meinem meinen",
        ),
        (
            Role::Negator,
            "nicht kein keine keinen keinem keiner keines niemand niemanden niemandem nie niemals \
            weder ohne nichts",
        ),
        (
            Role::Article,
            "der die das den dem des ein eine einen einem eines dieser diese dieses diesem diesen \
            unser unsere unseren",
        ),
        (
            Role::Preposition,
            "im am auf bei beim mit von vom zum zur aus für über unter nach vor durch gegen um \
            seit",
        ),
        (
            Role::Copula,
            "ist war sind waren sei wäre wurde werden worden gewesen zu sehr so recht ziemlich \
            völlig einfach schlicht wirkte schien liegt lag hat hatte haben",
        ),
        (
            Role::Because,
            "weil wegen denn aber sondern obwohl während wenn nachdem bevor sodass welche*",
        ),
        (Role::That, "dass daß ob"),
        (Role::And, "und dann"),
    ],
    endings: &[
        (
            Role::Staff,
            "mitarbeiter mitarbeiterin mitarbeiters mitarbeitern berater beraterin fahrer \
            techniker leiter leiterin",
        ),
        (
            Role::Thing,
            "system systems systeme formular formulars maske vorlage prozess prozesses verfahren \
            regel regeln anlage gerat gerats maschine programm software liste prufung kontrolle \
            plan seite portal rechner datei datenbank schnittstelle anleitung vorschrift",
        ),
    ],
};
