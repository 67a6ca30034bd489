"""How well readers read real pictures: single digits, sets, pages, and what is no digit."""
