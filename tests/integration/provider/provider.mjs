// A real OpenID provider for tests, on loopback: its own login pages take any password.
import { Provider } from "oidc-provider";

const [port, home] = process.argv.slice(2);
const people = { alice: { name: "Alice Tan" }, bob: { name: "Bob" } };
const provider = new Provider(`http://localhost:${port}`, {
  clients: [{
    client_id: "lahstats",
    token_endpoint_auth_method: "none",
    redirect_uris: [`${home}/auth/callback`],
    post_logout_redirect_uris: [`${home}/`],
    grant_types: ["authorization_code", "refresh_token"],
    response_types: ["code"],
    application_type: "native",
  }],
  pkce: { required: () => true },
  scopes: ["openid", "profile", "offline_access"],
  claims: { openid: ["sub"], profile: ["name"] },
  conformIdTokenClaims: false,
  findAccount: (_, id) => people[id] && { accountId: id, claims: () => ({ sub: id, ...people[id] }) },
  features: { devInteractions: { enabled: true }, revocation: { enabled: true }, rpInitiatedLogout: { enabled: true } },
  issueRefreshToken: async () => true,
  rotateRefreshToken: true,
  cookies: { keys: ["test"] },
  ttl: { AccessToken: 600, IdToken: 600, RefreshToken: 86400 },
});
provider.listen(Number(port), "127.0.0.1", () => console.log("ready"));
