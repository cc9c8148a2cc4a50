// Where the answers are that stories are drawn from: a page asks for those of its story before it has its texts.
const LAST_TALKS = 6;
const BY_MONTH = "granularity=month&limit=120"; // ten years of it

/** @param {string} period */
export const own = (period) => ({
  wrapped: `/v1/users/me/wrapped?period=${encodeURIComponent(period)}`,
  talks: `/v1/sessions?limit=${LAST_TALKS}`,
  said: `/v1/users/me/trends?${BY_MONTH}`,
});

/** @param {string} id @param {string} period */
export function ofGroup(id, period) {
  const about = `/v1/groups/${encodeURIComponent(id)}`;
  return {
    about,
    members: `${about}/members`,
    wrapped: `${about}/wrapped?period=${encodeURIComponent(period)}`,
    talks: `/v1/sessions?limit=${LAST_TALKS}&group_id=${encodeURIComponent(id)}`,
    said: `${about}/trends?${BY_MONTH}`,
  };
}

/** @param {string} id */
export const ofSession = (id) => ({ session: `/v1/sessions/${encodeURIComponent(id)}` });
