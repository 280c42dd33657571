"""The programs of a sandbox and its two pages to read, with holes for what is the vendor's own; and what is typed."""

from pathlib import Path

_TEXTS = Path(__file__).parent / "texts"
ENVIRONMENT, TO_GET_A_TOKEN, TO_SIGN, CONFORMITY = (
    (_TEXTS / name).read_text("utf-8") for name in ("espace.env", "token.sh", "soap.py.txt", "conform.toml")
)
PAGES = {
    page: ((_TEXTS / page).read_text("utf-8"), (_TEXTS / f"certificates.{language}.md").read_text("utf-8"))
    for page, language in (("LISEZMOI.md", "fr"), ("README.md", "en"))
}
"""Name → the page, and what it says of certificates where there are some."""

FIRST_DEPOSIT = """\
. ./espace.env
TOKEN=$(sh token.sh)
curl -sS -H "Authorization: Bearer $TOKEN" \\
  -H "Content-Type: application/fhir+json" \\
  --data-binary @bundle.json "$ESPACE_URL/fhir"
"""
FIRST_MESSAGE = """\
curl -sS -H "Authorization: Bearer $TOKEN" \\
  -H "Content-Type: application/hl7-v2" \\
  --data-binary @message.hl7 "$ESPACE_URL/hl7v2" | tr '\\r' '\\n'
"""
FIRST_SOAP = """\
python3 soap.py
curl -sS --cacert authority.pem \\
  --cert "$STRUCTURE.connection.pem" --key "$STRUCTURE.connection.key" \\
  -H "Content-Type: application/soap+xml; charset=utf-8" \\
  --data-binary @soap.xml https://localhost:8443/xds/repository
"""
READING = """\
curl -sS -G -H "Authorization: Bearer $PROFESSIONAL_TOKEN" \\
  --data-urlencode "patient.identifier=urn:oid:$INS_AUTHORITY|$INS_1" \\
  "$ESPACE_URL/fhir/DocumentReference"
"""
