//! French: words that blame, and the parts that words play.

use super::{Group, Language, Role, Said};

const CHECK: &str = "l'étape n'a pas de second contrôle, et l'erreur arrive jusqu'au client";
const GUIDE: &str = "le guide ne dit pas que faire d'une carte expirée";
const ROSTER: &str = "le planning prévoit une personne pour quarante appels à midi";
const REMINDER: &str = "rien ne rappelle qu'il faut rappeler quand la pièce est là";
const RULE: &str = "la règle prend dix minutes par appel, quatre sont prévues";
const FORM: &str = "le formulaire accepte tout numéro de compte sans le comparer au nom";
const SCREEN: &str = "l'écran montre les deux comptes de la même façon, on se trompe aisément";

pub(super) const LIST: Language = Language {
    groups: &[
        Group {
            said: Said::Trait,
            is_slip: false,
            better: CHECK,
            words: "négligent, négligente, négligents, négligentes, négligemment, insouciant*, \
                imprudent, imprudente, imprudents, irresponsable, irresponsables, inattentif, \
                inattentifs, inattentive, inattentives, désinvolte*, \
                peu consciencieux|consciencieuse, bâclé, étourdi, étourdie",
        },
        Group {
            said: Said::Noun,
            is_slip: false,
            better: CHECK,
            words: "négligence, négligences, désinvolture, irresponsabilité, je m'en foutisme, \
                insouciance, laisser aller, laxisme",
        },
        Group {
            said: Said::Trait,
            is_slip: false,
            better: GUIDE,
            words: "incompétent, incompétente, incompétents, incompétentes, stupide, stupides, \
                idiot, idiote, idiots, idiotes, ignare, ignares, débile, inepte, incapable, \
                incapables",
        },
        Group {
            said: Said::Noun,
            is_slip: false,
            better: GUIDE,
            words: "incompétence, incompétences, stupidité, bêtise, idiotie, imbécile, imbéciles, \
                crétin, crétins, crétine, abruti, abrutis, bon|bonne à rien, manque de bon sens",
        },
        Group {
            said: Said::Trait,
            is_slip: false,
            better: ROSTER,
            words: "paresseux, paresseuse, paresseuses, fainéant*, feignant*, flemmard*",
        },
        Group {
            said: Said::Noun,
            is_slip: false,
            better: ROSTER,
            words: "paresse, fainéantise, flemme, manque de volonté|motivation|sérieux|conscience, \
                mauvaise volonté, tire au flanc",
        },
        Group {
            said: Said::Act,
            is_slip: false,
            better: ROSTER,
            words: "pas pris la peine, pas ~ donné la peine, pas daigné, s'en moque|moquait|\
                fiche|fichait|fout|foutait, a|ont bâclé, a|ont fermé les yeux, \
                pas fait ~ effort",
        },
        Group {
            said: Said::Act,
            is_slip: false,
            better: GUIDE,
            words: "aurait|auraient dû ~ savoir|voir|remarquer|comprendre, \
                aurait|auraient dû s'en rendre compte, aurait|auraient dû s'en apercevoir, \
                aurait|auraient dû le|la|les savoir|voir|remarquer, devait|devaient le savoir, \
                savait|savaient pertinemment, en connaissance de cause",
        },
        Group {
            said: Said::OfStaff,
            is_slip: false,
            better: GUIDE,
            words: "aurait dû, auraient dû",
        },
        Group {
            said: Said::Forgot,
            is_slip: false,
            better: REMINDER,
            words: "a|ont|avait|avaient ~ oublié, oublie|oublient de|d",
        },
        Group {
            said: Said::Act,
            is_slip: false,
            better: RULE,
            words: "a|ont|avait ~ ignoré|enfreint|violé|transgressé|bafoué|contourné ~ \
                règle|règles|consigne|consignes|procédure|procédures|règlement|instructions, \
                fait fi des règles|consignes",
        },
        Group {
            said: Said::OfStaff,
            is_slip: false,
            better: RULE,
            words: "ignoré, a négligé de, ont négligé de, négligé de, délibérément, sciemment, \
                exprès, volontairement, menti, a omis de, ont omis de",
        },
        Group {
            said: Said::OfPerson,
            is_slip: false,
            better: CHECK,
            words: "fautif, fautive, fautifs, fautives, coupable, coupables, malhonnête*, \
                maladroit, maladroite, maladroits, négligé, \
                responsable|responsables de l'erreur|incident, responsable|responsables de la \
                faute",
        },
        Group {
            said: Said::Owned,
            is_slip: false,
            better: FORM,
            words: "faute, fautes, culpabilité",
        },
        Group {
            said: Said::Act,
            is_slip: false,
            better: FORM,
            words: "est|sont|était à blâmer, est|sont|était ~ en faute, est|sont|était en tort, \
                à qui la faute, mis|mise en cause",
        },
        Group {
            said: Said::Noun,
            is_slip: true,
            better: SCREEN,
            words: "erreur humaine, erreurs humaines, défaillance humaine, facteur humain, \
                faute|erreur d'inattention, erreur|erreurs de manipulation|saisie|frappe, \
                manque|défaut d'attention, manque de vigilance|rigueur|concentration|soin, \
                inattention, étourderie, inadvertance, mégarde, faute de frappe, \
                erreur de jugement, pas fait attention, pas ~ assez attentif|attentive, \
                moment d'inattention",
        },
        Group {
            said: Said::OfPerson,
            is_slip: true,
            better: SCREEN,
            words: "saisi|tapé|choisi|pris|envoyé ~ mauvais|mauvaise, trompé, trompée, trompés, \
                trompe, a|ont ~ fait une erreur, \
                a|ont ~ commis une erreur, a|ont ~ confondu, a mal lu|saisi|compris, \
                n'a pas suivi|respecté la procédure, n'a pas suivi|respecté les consignes|règles, \
                n'ont pas suivi|respecté les consignes|règles, n'ont pas suivi|respecté la \
                procédure",
        },
        Group {
            said: Said::Owned,
            is_slip: true,
            better: SCREEN,
            words: "erreur, oubli, maladresse, manquement",
        },
        Group {
            said: Said::Harmless,
            is_slip: false,
            better: "",
            words: "faute de personnel|temps|stock|moyens|mieux|quoi|place|contrôle, ignorant que, \
                aurait dû être, auraient dû être, aurait dû recevoir, aurait dû avoir, \
                incapable de charger|lire|traiter, sans faute, \
                pas de faute, aucune faute, code d'erreur, message d'erreur",
        },
    ],
    roles: &[
        (
            Role::Staff,
            "employé employée salarié conseiller conseillère collègue collaborateur collaboratrice \
            technicien technicienne chauffeur livreur livreuse coursier serveur serveuse \
            réceptionniste infirmier infirmière médecin caissier caissière vendeur vendeuse \
            responsable équipe opérateur opératrice téléopérateur stagiaire apprenti intérimaire \
            gestionnaire superviseur directeur directrice préparateur guichetier steward hôtesse \
            pilote facteur cuisinier concierge préposé",
        ),
        (
            Role::Person,
            "il elle ils elles gens homme femme personnes on",
        ),
        (
            Role::Customer,
            "cliente clients passager passagère patiente voyageur usager abonné assuré",
        ),
        (
            Role::House,
            "nous société entreprise banque hôtel hôpital magasin service fournisseur \
            agence compagnie transporteur",
        ),
        (
            Role::Thing,
            "système logiciel formulaire écran procédure processus règle règlement modèle lettre \
            courriel message site application machine terminal imprimante réseau \
            contrat facture étiquette colis alarme guide consigne planning champ bouton paramètre \
            réglage contrôle rappel formation horaire ascenseur météo pièce fichier calendrier \
            outil automate borne",
        ),
        (Role::Owner, "son sa ses leur leurs ma mon mes propre"),
        (
            Role::Negator,
            "pas jamais aucun aucune sans ni personne nullement guère",
        ),
        (
            Role::Article,
            "le la les l un une des cet cette ces ce notre nos",
        ),
        (
            Role::Preposition,
            "dans sur avec de du d au aux par pour chez en sous vers",
        ),
        (
            Role::Copula,
            "est était sont étaient été être semble semblait trop très si plutôt vraiment tout a \
            ont avait",
        ),
        (
            Role::Because,
            "parce puisque lorsque quand mais qui alors tandis",
        ),
        (Role::That, "que qu"),
        (Role::And, "et puis"),
    ],
    endings: &[],
};
