// npm fhir-kit-client, unmodified: what a program of a hospital, of a doctor and of a patient does with the door.
// The world comes as one argument of JSON; what was found goes to standard output as JSON.

import { Client } from "fhir-kit-client";

const world = JSON.parse(process.argv[2]);
const holder = new Client({ baseUrl: world.base, bearerToken: world.holder });
const doctor = new Client({ baseUrl: world.base, bearerToken: world.professional });
const hospital = new Client({ baseUrl: world.base, bearerToken: world.organisation });
const patient = { "patient.identifier": world.ins };

const refused = async (work) => {
  try {
    await work;
  } catch (error) {
    const [issue] = error.response.data.issue;
    return [error.response.status, error.response.data.resourceType, issue.code, issue.details.coding[0].code];
  }
  return "not refused";
};

const pages = async (client, searchParams, options) => {
  const found = [];
  let bundle = await client.search({ resourceType: "DocumentReference", searchParams, options });
  while (bundle) {
    found.push((bundle.entry ?? []).map((entry) => entry.resource.id));
    bundle = await client.nextPage({ bundle });
  }
  return found;
};

const text = async (client, reference) => {
  const binary = await client.resolve({ reference });
  return Buffer.from(binary.data, "base64").toString("utf8");
};

const stated = await new Client({ baseUrl: world.base }).capabilityStatement();
const smart = await holder.smartAuthMetadata();
const read = await holder.read({ resourceType: "DocumentReference", id: world.documents[3] });
const byAddress = await pages(holder, { ...patient, _count: 2 });
const byForm = await pages(doctor, { ...patient, _count: 2 }, { postSearch: true });
const person = await doctor.search({ resourceType: "Patient", searchParams: { identifier: world.ins } });

const answer = await hospital.transaction({ body: world.bundle });
const published = await hospital.create({ resourceType: "DocumentReference", body: world.document });
const one = { resourceType: "DocumentReference", id: published.id };
const mask = { coding: [{ system: "urn:oid:1.2.250.1.213.1.1.4.13", code: "MASQUE_PS" }] };
const masked = await hospital.patch({ ...one, jsonPatch: [{ op: "add", path: "/securityLabel/-", value: mask }] });
const shown = (await pages(doctor, patient)).flat().length;
const deleted = await hospital.delete(one);

console.log(JSON.stringify({
  version: stated.fhirVersion,
  token: smart.tokenUrl?.href ?? String(smart.tokenUrl),
  byAddress,
  byForm,
  title: read.content[0].attachment.title,
  content: await text(holder, read.content[0].attachment.url),
  author: (await holder.resolve({ reference: read.author[0].reference, context: read })).resourceType,
  person: person.entry[0].resource.name[0].family,
  patient: (await doctor.resolve({ reference: read.subject.reference })).id === person.entry[0].resource.id,
  transaction: answer.entry.map((entry) => entry.response.status),
  location: Client.httpFor(published).response.headers.get("location") === `${world.base}/DocumentReference/${published.id}`,
  labels: masked.securityLabel.map((label) => label.coding[0].code),
  shown,
  deleted: Client.httpFor(deleted).response.status,
  refusals: {
    absent: await refused(holder.read({ ...one, id: "9c2f4e1a-6f0b-4a52-9e1c-0d5a1f2b3c4d" })),
    forbidden: await refused(hospital.read({ ...one, id: world.documents[0] })),
    unsupported: await refused(pages(holder, { description: "x" })),
    version: await refused(holder.vread({ ...one, id: world.documents[0], version: "1" })),
    history: await refused(holder.history({ resourceType: "DocumentReference" })),
    malformed: await refused(hospital.transaction({ body: { resourceType: "Bundle", type: "transaction" } })),
  },
}));
