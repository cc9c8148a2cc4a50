"""SQL about people and groups. Parameters are bound by the server; nothing is ever formatted into a query.

Of a group: what was credited to anybody in the group's sessions. Guests have no user and so are in none of it.
"""

MINE = "user_id = {user:String} AND day BETWEEN toDate({first:String}) AND toDate({last:String})"
OF_GROUP = "session_id IN (SELECT session_id FROM group_sessions FINAL WHERE group_id = {group_id:String} AND gone = 0)"
IN_GROUP = """
    user_id IN (SELECT user_id FROM claims FINAL WHERE kind IN ('self', 'user') AND OF_GROUP)
    AND OF_GROUP AND day BETWEEN toDate({first:String}) AND toDate({last:String})
"""
SUMS = """
    sum(w.count) AS counts, sum(w.spoken) AS words_spoken, sum(w.talk_ms) AS talk_total_ms,
    uniqExactIf(w.session_id, w.count > 0 OR w.spoken > 0) AS sessions, uniqExactIf(w.day, w.count > 0 OR w.spoken > 0) AS days
"""


def _whole(question: str) -> str:
    """With what stands above in place of its name."""
    return (
        question.replace("SUMS", SUMS)
        .replace("IN_GROUP", IN_GROUP)
        .replace("OF_GROUP", OF_GROUP)
        .replace("MINE", MINE)
    )


PROFILE = "SELECT display_name, findable, on_board, tags_at_once FROM users FINAL WHERE user_id = {user:String}"

MY_GROUPS = """
SELECT group_id, name, role FROM (SELECT group_id, role FROM group_members FINAL WHERE user_id = {user:String} AND role != '') AS m
INNER JOIN (SELECT group_id, name FROM groups FINAL) AS g USING group_id ORDER BY name, group_id
"""

MY_TAGS = """
SELECT session_id, speaker, claimed_by, claimed_at FROM claims FINAL WHERE user_id = {user:String} AND kind = 'tag' ORDER BY claimed_at
"""

SEARCH = """
SELECT user_id, display_name FROM users FINAL
WHERE (user_id = {query:String} OR positionCaseInsensitiveUTF8(display_name, {query:String}) > 0) AND user_id != {user:String}
  AND (findable OR user_id IN (
      SELECT arrayJoin(members) FROM groups FINAL
      WHERE group_id IN (SELECT group_id FROM group_members FINAL WHERE user_id = {user:String} AND role != '')))
ORDER BY display_name, user_id LIMIT 20
"""

BY_WORD = """
SELECT word, sum(n) AS total FROM (SELECT words, counts FROM user_days FINAL WHERE WHICH)
ARRAY JOIN words AS word, counts AS n GROUP BY word ORDER BY total DESC, word
"""

WORDS = _whole(BY_WORD.replace("WHICH", "MINE AND ({group_id:String} = '' OR OF_GROUP)"))

TOTALS = _whole("""
SELECT SUMS
FROM user_days AS w FINAL WHERE MINE AND ({group_id:String} = '' OR OF_GROUP)
""")

TREND = _whole("""
SELECT day, sum(count) AS counts_, sum(spoken) AS spoken_ FROM user_days FINAL WHERE MINE GROUP BY day ORDER BY day
""")

MY_SPEAKERS = """
SELECT session_id, speaker, word, count, spoken, talk_ms, 0 AS turns, 0 AS overlap_ms FROM user_words
WHERE user_id = {user:String} AND session_id IN {session_ids:Array(String)} ORDER BY session_id, speaker, count DESC, word
"""

GROUP = """
SELECT g.group_id AS group_id, g.name AS name, g.owner AS owner, g.members AS members, m.role AS role
FROM (SELECT * FROM groups FINAL WHERE group_id = {group_id:String}) AS g
INNER JOIN (SELECT * FROM group_members FINAL WHERE user_id = {user:String} AND group_id = {group_id:String} AND role != '') AS m
ON m.group_id = g.group_id
"""

MEMBERS = """
SELECT m.user_id AS user_id, u.display_name AS display_name, m.role AS role, m.joined_at AS joined_at
FROM (SELECT * FROM group_members FINAL WHERE user_id IN {members:Array(String)} AND group_id = {group_id:String} AND role != '') AS m
LEFT JOIN (SELECT user_id, display_name FROM users FINAL WHERE user_id IN {members:Array(String)}) AS u ON u.user_id = m.user_id
ORDER BY joined_at, user_id
"""

GROUP_WORDS = _whole(BY_WORD.replace("WHICH", "IN_GROUP"))

GROUP_TOTALS = _whole("""
SELECT SUMS,
       uniqExactIf(w.user_id, w.count > 0 OR w.spoken > 0) AS people
FROM user_days AS w FINAL WHERE IN_GROUP
""")

BOARD = _whole("""
SELECT user_id, sum(count) AS counts_, sum(spoken) AS spoken_ FROM user_days FINAL
WHERE user_id IN {members:Array(String)} AND OF_GROUP AND day BETWEEN toDate({first:String}) AND toDate({last:String})
GROUP BY user_id
""")

EVERYONES_BOARD = """
SELECT u.user_id AS user_id, u.display_name AS display_name, c.total AS counts FROM (
    SELECT user_id, total FROM (SELECT users, totals FROM cohorts FINAL WHERE first = toDate({first:String}) AND last = toDate({last:String}))
    ARRAY JOIN users AS user_id, totals AS total) AS c
INNER JOIN (SELECT user_id, display_name FROM users FINAL WHERE on_board) AS u ON u.user_id = c.user_id
ORDER BY counts DESC, user_id LIMIT {limit:UInt16}
"""
"""From the snapshot: a board that moved with every claim would tell what one person said just now."""

GROUP_PEOPLE_WORDS = _whole("""
SELECT user_id, word, sum(n) AS total FROM (SELECT user_id, words, counts FROM user_days FINAL WHERE IN_GROUP)
ARRAY JOIN words AS word, counts AS n GROUP BY user_id, word ORDER BY user_id, total DESC, word
""")

MY_SHARES = """
SELECT share, first, last, show_name, made_at FROM shares FINAL WHERE user_id = {user:String} AND NOT revoked ORDER BY made_at DESC
"""

SHARE = "SELECT user_id, first, last, show_name FROM shares FINAL WHERE share = {share:String} AND NOT revoked"

NAMES = "SELECT user_id, display_name FROM users FINAL WHERE user_id IN {users:Array(String)}"
