// An OpenID Connect provider on loopback, for the browser tests of the sign-in: whoever types a known login is let in.
//
// node provider.mjs '{"port": 9100, "client": {"id": "…", "secret": "…"}, "redirect": "http://127.0.0.1:8501/oauth2callback",
//                     "people": {"listee": {"email": "…", "email_verified": true, "age": 0}}}'
//
// `age` is how long ago, in seconds, the person is said to have signed in. One line is written once it listens.
import { generateKeyPairSync, randomBytes } from "node:crypto";

import Provider from "oidc-provider";

const HOST = "127.0.0.1";
const { port, client, redirect, people } = JSON.parse(process.argv[2]);
const key = generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey.export({ format: "jwk" });

const page = (body) => `<!doctype html><html lang="fr"><meta charset="utf-8"><title>Fournisseur</title>${body}</html>`;
const field = (name) => `<label>${name} <input name="${name}"></label>`;

const provider = new Provider(`http://${HOST}:${port}`, {
  clients: [
    {
      client_id: client.id,
      client_secret: client.secret,
      redirect_uris: [redirect],
      post_logout_redirect_uris: [redirect],
      grant_types: ["authorization_code"],
      response_types: ["code"],
    },
  ],
  jwks: { keys: [{ ...key, use: "sig", alg: "RS256" }] },
  cookies: { keys: [randomBytes(32).toString("hex")] },
  claims: { openid: ["sub"], email: ["email", "email_verified"], profile: ["name"] },
  // The dashboard reads the identity token alone.
  conformIdTokenClaims: false,
  pkce: { required: () => false },
  ttl: { AccessToken: 600, AuthorizationCode: 60, IdToken: 600, Interaction: 600, Grant: 600, Session: 600 },
  interactions: { url: (_ctx, interaction) => `/sign-in/${interaction.uid}` },
  features: {
    devInteractions: { enabled: false },
    rpInitiatedLogout: {
      enabled: true,
      logoutSource: (ctx, form) => {
        ctx.body = page(`${form}<button form="op.logoutForm" name="logout" value="yes">Se déconnecter ici aussi</button>`);
      },
    },
  },
  findAccount: (_ctx, login) => {
    const { email, email_verified } = people[login];
    return { accountId: login, claims: () => ({ sub: login, name: login, email, email_verified }) };
  },
  // Nobody is asked whether the dashboard may know their address.
  loadExistingGrant: async (ctx) => {
    const grant = new ctx.oidc.provider.Grant({
      clientId: ctx.oidc.client.clientId,
      accountId: ctx.oidc.session.accountId,
    });
    grant.addOIDCScope("openid email profile");
    await grant.save();
    return grant;
  },
});

// One small form, answered here rather than by a router: the path is the only one that is not the provider's own.
provider.use(async (ctx, next) => {
  if (!ctx.path.startsWith("/sign-in/")) return next();
  if (ctx.method === "GET") {
    ctx.type = "html";
    ctx.body = page(`<h1>Fournisseur</h1><form method="post">${field("identifiant")}<button>Entrer</button></form>`);
    return undefined;
  }
  let body = "";
  for await (const chunk of ctx.req) body += chunk;
  const login = new URLSearchParams(body).get("identifiant");
  if (!Object.hasOwn(people, login ?? "")) {
    ctx.status = 403;
    return undefined;
  }
  const ts = Math.floor(Date.now() / 1000) - (people[login].age ?? 0);
  await provider.interactionFinished(ctx.req, ctx.res, { login: { accountId: login, ts, remember: false } });
  ctx.respond = false;
  return undefined;
});

provider.listen(port, HOST, () => console.log(`ready ${HOST}:${port}`));
