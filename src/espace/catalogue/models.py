"""Tables of the catalogue. Nothing here is about a patient but `patient_id`, for a holder's own token
and for the applications that they let in."""

from django.db import models


class OAuthClient(models.Model):
    """A registered software of one organisation, with its public keys."""

    client_id = models.TextField(primary_key=True)
    organisation_id = models.UUIDField()
    name = models.TextField()
    jwks = models.JSONField()
    active = models.BooleanField(default=True)
    registered_at = models.DateTimeField()

    class Meta:
        db_table = "catalogue_client"
        indexes = [models.Index(fields=["organisation_id"], name="catalogue_client_organisation")]


class AccessToken(models.Model):
    """A bearer token, known by its SHA-256 only: the table gives no token away. `organisation_id` is where a
    professional acts."""

    digest = models.BinaryField(primary_key=True)
    actor_kind = models.TextField()
    actor_id = models.UUIDField()
    patient_id = models.UUIDField(null=True)
    organisation_id = models.UUIDField(null=True)
    client_id = models.TextField(null=True)
    audience = models.TextField()
    scope = models.TextField()
    issued_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "catalogue_token"
        indexes = [models.Index(fields=["client_id", "expires_at"], name="catalogue_token_client")]


class AppConsent(models.Model):
    """That a holder lets an application act in their space; the last one for each application, named by a blind index:
    which ones somebody uses tells of their health."""

    pk = models.CompositePrimaryKey("patient_id", "client")
    patient_id = models.UUIDField()
    client = models.BinaryField()
    sealed = models.BinaryField()

    class Meta:
        db_table = "catalogue_consent"


class ClientAssertion(models.Model):
    """An assertion already used (RFC 7523, section 3: a jti serves once; a VIHF too), kept until it expires.

    `client_id` is who made it: a client, or « vihf: » and the national number of whoever signed.
    """

    pk = models.CompositePrimaryKey("client_id", "jti")
    client_id = models.TextField()
    jti = models.TextField()
    expires_at = models.DateTimeField()

    class Meta:
        db_table = "catalogue_assertion"
        indexes = [models.Index(fields=["client_id", "expires_at"], name="catalogue_assertion_expiry")]
