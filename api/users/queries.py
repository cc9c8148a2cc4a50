"""SQL about users. The server binds the parameters; nothing is formatted into a query."""

from api.period_totals import SUMS

PROFILE = """
SELECT display_name, findable, on_board, tags_at_once, time_zone, keep_transcript_days
FROM users FINAL
WHERE user_id = {user:String}
"""

SIGNED_OUT = """
SELECT toUnixTimestamp64Milli(max(at)) AS signed_out_at_ms FROM (
    SELECT signed_out_at AS at FROM users FINAL WHERE user_id = {user:String}
    UNION ALL
    SELECT until AS at FROM erased_users FINAL WHERE user_id = {user:String}
)
"""
"""An erasure signs its person out. Their row is deleted, and the mark is kept."""

MY_GROUPS = """
WITH mine AS (
    SELECT group_id, role FROM group_members FINAL WHERE user_id = {user:String} AND role != ''
)
SELECT group_id, name, role
FROM mine
INNER JOIN (
    SELECT group_id, name FROM groups FINAL WHERE group_id IN (SELECT group_id FROM mine)
) AS g USING group_id
ORDER BY name, group_id
"""

MY_TAGS = """
SELECT session_id, speaker, claimed_by, claimed_at FROM claims FINAL
WHERE user_id = {user:String} AND kind = 'tag' ORDER BY claimed_at
"""

SEARCH = """
WITH
    my_groups AS (
        SELECT group_id FROM group_members FINAL WHERE user_id = {user:String} AND role != ''
    ),
    my_people AS (SELECT arrayJoin(members) FROM groups FINAL WHERE group_id IN my_groups)
SELECT user_id, display_name FROM users FINAL
WHERE user_id != {user:String}
  AND (
    user_id = {query:String}
    OR arrayAll(part -> positionCaseInsensitiveUTF8(display_name, part) > 0, {parts:Array(String)})
  )
  AND (findable OR user_id IN my_people)
ORDER BY display_name, user_id LIMIT 20
"""

WORDS = """
WITH of_group AS (
    SELECT session_id FROM group_sessions FINAL
    WHERE group_id = {group_id:String} AND gone = 0
)
SELECT word, sum(n) AS total
FROM (
    SELECT words, counts FROM user_days FINAL
    WHERE user_id = {user:String}
      AND day BETWEEN toDate({first:String}) AND toDate({last:String})
      AND ({group_id:String} = '' OR session_id IN of_group)
)
ARRAY JOIN words AS word, counts AS n
GROUP BY word ORDER BY total DESC, word
"""
"""Counts of a user by word: in all sessions, or in those of the group that is named."""

TOTALS = f"""
WITH of_group AS (
    SELECT session_id FROM group_sessions FINAL
    WHERE group_id = {{group_id:String}} AND gone = 0
)
SELECT {SUMS}
FROM user_days AS w FINAL
WHERE user_id = {{user:String}}
  AND day BETWEEN toDate({{first:String}}) AND toDate({{last:String}})
  AND ({{group_id:String}} = '' OR session_id IN of_group)
"""  # noqa: S608 - names of ours
"""Sums of a user: in all sessions, or in those of the group that is named."""

TREND = """
SELECT day, sum(count) AS total, sum(spoken) AS words_spoken FROM user_days FINAL
WHERE user_id = {user:String} AND day BETWEEN toDate({first:String}) AND toDate({last:String})
GROUP BY day ORDER BY day
"""

OWN_DAYS = """
SELECT session_id, speaker, words, counts, spoken, talk_ms FROM user_days FINAL
WHERE user_id = {user:String} AND session_id IN {session_ids:Array(String)}
ORDER BY session_id, speaker, day
"""

BOARD_OF_EVERYONE = """
WITH
    on_it AS (SELECT user_id, display_name FROM users FINAL WHERE on_board),
    (
        SELECT max(snapshot) FROM cohorts
        WHERE first = toDate({first:String}) AND last = toDate({last:String})
    ) AS latest
SELECT user_id, display_name, counts, rank
FROM (
    SELECT u.user_id AS user_id, u.display_name AS display_name, c.counts AS counts,
           rank() OVER (ORDER BY c.counts DESC) AS rank,
           row_number() OVER (ORDER BY c.counts DESC, u.user_id) AS line
    FROM (
        SELECT user_id, if(snapshot <= latest, total, former) AS counts FROM cohort_people FINAL
        WHERE first = toDate({first:String}) AND last = toDate({last:String})
            AND user_id IN (SELECT user_id FROM on_it)
    ) AS c
    INNER JOIN on_it AS u ON u.user_id = c.user_id
    WHERE counts > 0
)
WHERE line <= {limit:UInt16} OR user_id = {user:String}
ORDER BY line
"""
"""The first places, and the caller's own. Equal counts share a rank.

From the daily snapshot: a board that moved with every claim would tell what one person said.
"""

NAMES = """
SELECT user_id, display_name FROM users FINAL WHERE user_id IN {users:Array(String)}
"""
