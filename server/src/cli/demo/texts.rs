//! What the customers of the demo say. Invented by us; no company and no person in it is real.

/// A wardrobe arrived without its doors.
pub(super) const WARDROBE: &str = "I took Friday off for this delivery. Two men carried nine \
    parcels up to the fourth floor, I signed, they left. At eleven at night I was sitting on the \
    floor of my daughter's room with a wardrobe that has no doors. The tenth parcel was never on \
    the van. I rang three times. The first told me to wait, the second that the order was \
    \"complete in the system\", and the third asked me to prove that something is missing. Her \
    clothes are in bin bags and school starts on Monday.";

/// What would make it right.
pub(super) const WARDROBE_WISH: &str = "Bring the doors before Monday, and do not make me take \
    another day off for it.";

/// A repair that flooded a kitchen.
pub(super) const KITCHEN: &str = "Your fitter changed the hose of my dishwasher on Tuesday and \
    said it was \"good for ten years\". It was good for two nights. I am seventy-eight, I came \
    down at six and stood in water up to the ankles. The neighbour below has a stain on her \
    ceiling the size of a table. I have told this to four people now and each one began with \
    \"can I take your postcode\".";

/// What would make it right.
pub(super) const KITCHEN_WISH: &str = "Somebody who comes today, dries this out, and talks to my \
    neighbour so that I do not have to.";

/// A prescription that was charged twice.
pub(super) const PHARMACY: &str = "The till took the money for my insulin twice, 61.40 each time. \
    I saw it at the bus stop and went straight back. The young man was friendly but said only the \
    head office can undo it, and that takes ten working days. Those sixty euros are the food for \
    this week.";

/// A night at an airport.
pub(super) const STRANDED: &str = "The evening flight to Porto was moved four times by half an \
    hour and then cancelled at ten to midnight, when the hotels were full. I spent the night on a \
    bench with my father, who is eighty-one and diabetic. Nobody came by with water. At five a \
    screen said \"rebooked\", for the day after. We missed my niece's christening, and I had \
    already paid for the church flowers.";

/// A wheelchair that flew elsewhere.
pub(super) const WHEELCHAIR: &str = "You flew my wheelchair to Malta and me to Vienna. I was \
    carried off the plane in an aisle chair and left at the belt for two hours like a suitcase \
    nobody wants. It came back the next morning with a bent wheel.";
