// A provider that we did not write (npm oidc-provider), set up as Pro Santé Connect is: run by the tests.
//
// node provider.mjs '{"port", "client", "account"}': `account` is what its userinfo says. POST /control changes how
// the next person is recognised ({"acr", "amr"}). Signing in asks nothing: the tests judge the protocol, not pages.

import { generateKeyPairSync } from 'node:crypto';
import { createServer } from 'node:http';
import Provider from 'oidc-provider';

const { port, client, account } = JSON.parse(process.argv[2]);
const issuer = `http://127.0.0.1:${port}`;
const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
let recognised = { acr: 'eidas1', amr: ['pwd', 'otp'] };

const provider = new Provider(issuer, {
  clients: [client],
  jwks: { keys: [{ ...privateKey.export({ format: 'jwk' }), use: 'sig', alg: 'RS256' }] },
  cookies: { keys: ['a key of the tests'] },
  scopes: ['openid', 'scope_all'],
  acrValues: ['eidas1', 'eidas2'],
  claims: {
    openid: ['sub', 'acr', 'amr', 'auth_time'],
    scope_all: Object.keys(account),
  },
  findAccount: (ctx, sub) => ({ accountId: sub, claims: () => ({ sub, ...account }) }),
  pkce: { required: () => true },
  features: {
    devInteractions: { enabled: false },
    backchannelLogout: { enabled: true },
    rpInitiatedLogout: { enabled: true },
    introspection: { enabled: true },
  },
  // By itself it calls no loopback address, where the tests are.
  fetch: (url, { dispatcher, ...options }) => fetch(url, options),
  interactions: { url: (ctx, interaction) => `/interaction/${interaction.uid}` },
  ttl: { AccessToken: 300, AuthorizationCode: 60, Grant: 3600, IdToken: 300, Interaction: 600, Session: 3600 },
});

async function interact(request, response) {
  const { prompt, params, session } = await provider.interactionDetails(request, response);
  if (prompt.name === 'login') {
    const login = { accountId: 'f:realm:une-personne', ...recognised };
    return provider.interactionFinished(request, response, { login }, { mergeWithLastSubmission: false });
  }
  const grant = new provider.Grant({ accountId: session.accountId, clientId: params.client_id });
  grant.addOIDCScope(params.scope);
  const consent = { grantId: await grant.save() };
  return provider.interactionFinished(request, response, { consent }, { mergeWithLastSubmission: true });
}

async function control(request, response) {
  let body = '';
  for await (const part of request) body += part;
  recognised = JSON.parse(body);
  response.end();
}

const answer = provider.callback();
createServer((request, response) => {
  if (request.url.startsWith('/interaction/')) return interact(request, response);
  if (request.url === '/control') return control(request, response);
  return answer(request, response);
}).listen(port, '127.0.0.1', () => process.stdout.write('ready\n'));
