"""SQL about groups: what was credited to anybody in the group's sessions.

Guests have no user id and so are in none of it. The server binds the parameters; nothing is
formatted into a query.
"""

from api.period_totals import SUMS, TALKED

GROUP = """
SELECT g.group_id AS group_id, g.name AS name, g.owner AS owner, g.members AS members,
       m.role AS role
FROM (SELECT * FROM groups FINAL WHERE group_id = {group_id:String}) AS g
INNER JOIN (
    SELECT * FROM group_members FINAL
    WHERE user_id = {user:String} AND group_id = {group_id:String} AND role != ''
) AS m ON m.group_id = g.group_id
"""

MEMBERS = """
SELECT m.user_id AS user_id, u.display_name AS display_name, m.role AS role,
       m.joined_at AS joined_at
FROM (
    SELECT * FROM group_members FINAL
    WHERE user_id IN {members:Array(String)} AND group_id = {group_id:String} AND role != ''
) AS m
LEFT JOIN (
    SELECT user_id, display_name FROM users FINAL WHERE user_id IN {members:Array(String)}
) AS u ON u.user_id = m.user_id
ORDER BY joined_at, user_id
"""

OF_GROUP = """of_group AS (
    SELECT session_id FROM group_sessions FINAL
    WHERE group_id = {group_id:String} AND gone = 0
)"""
WITH_CLAIMANTS = f"""
WITH
{OF_GROUP},
claimants AS (
    SELECT user_id FROM claims FINAL
    WHERE kind IN ('self', 'user') AND session_id IN of_group
)"""  # noqa: S608 - names of ours
"""The sessions of a group, and the users who claimed a speaker in one of them."""

WORDS = f"""{WITH_CLAIMANTS}
SELECT word, sum(n) AS total
FROM (
    SELECT words, counts FROM user_days FINAL
    WHERE user_id IN claimants AND session_id IN of_group
      AND day BETWEEN toDate({{first:String}}) AND toDate({{last:String}})
)
ARRAY JOIN words AS word, counts AS n
GROUP BY word ORDER BY total DESC, word
"""  # noqa: S608 - names of ours
"""`user_id IN claimants` is implied by the sessions; it makes ClickHouse read by its key."""

TOTALS = f"""{WITH_CLAIMANTS}
SELECT {SUMS}, uniqExactIf(w.user_id, {TALKED}) AS people
FROM user_days AS w FINAL
WHERE user_id IN claimants AND session_id IN of_group
  AND day BETWEEN toDate({{first:String}}) AND toDate({{last:String}})
"""  # noqa: S608 - names of ours

TREND = f"""{WITH_CLAIMANTS}
SELECT day, sum(count) AS total, sum(spoken) AS words_spoken FROM user_days FINAL
WHERE user_id IN claimants AND session_id IN of_group
  AND day BETWEEN toDate({{first:String}}) AND toDate({{last:String}})
GROUP BY day ORDER BY day
"""  # noqa: S608 - names of ours

MEMBER_TOTALS = f"""
WITH {OF_GROUP}
SELECT user_id, sum(count) AS total, sum(spoken) AS words_spoken FROM user_days FINAL
WHERE user_id IN {{members:Array(String)}} AND session_id IN of_group
  AND day BETWEEN toDate({{first:String}}) AND toDate({{last:String}})
GROUP BY user_id
"""  # noqa: S608 - names of ours

MEMBER_WORDS = f"""{WITH_CLAIMANTS}
SELECT user_id, word, sum(n) AS total
FROM (
    SELECT user_id, words, counts FROM user_days FINAL
    WHERE user_id IN claimants AND session_id IN of_group
      AND day BETWEEN toDate({{first:String}}) AND toDate({{last:String}})
)
ARRAY JOIN words AS word, counts AS n
GROUP BY user_id, word ORDER BY user_id, total DESC, word
"""  # noqa: S608 - names of ours
