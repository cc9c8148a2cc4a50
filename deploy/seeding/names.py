"""Names of made-up people and groups, and the words that they say most."""

FIRST_NAMES = (
    "Mei Ling, Wei Jie, Siti, Kumar, Xin Yi, Jun Hao, Aishah, Ravi, Hui Min, Farid, Priya, "
    "Zhi Wei, Nurul, Daniel, Shu Fen, Arjun, Rachel, Hafiz, Li Ting, Marcus"
).split(", ")
LAST_NAMES = "Tan Lim Lee Ng Ong Wong Goh Chua Rahman Pillai".split()
TABLES = (
    "Friday makan, Kopi after work, Badminton kakis, Secondary 4B, Sunday prata, Mahjong "
    "table, Hall 9 block C, Lunch gang, Futsal five, Hiking uncles, Book club, Night cycling, "
    "Office pantry, Cousins, Board games, Running aunties, Army mates, Choir, Supper club, "
    "Neighbours"
).split(", ")
COMMON = (
    "lah lor can leh ah sia meh walao shiok makan sian paiseh alamak cannot kena bojio steady "
    "kiasu chope jialat"
).split()
"""Said most, in this order; the other words of the lexicon come after them."""
