"""The stage of cloud shops: shops and what they offer, follows, orders, reviews and replies, reports of abuse."""
