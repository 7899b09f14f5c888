"""The connection of every Kafka client: addresses, TLS and SASL, from the settings."""

from pathlib import Path
from typing import Any

from pydantic import SecretStr

from shared.settings import Settings


def connection(settings: Settings) -> dict[str, Any]:
    """Return the client's configuration that reaches the brokers as the settings say."""
    configuration: dict[str, Any] = {
        "bootstrap.servers": settings.kafka_bootstrap_servers,
        "security.protocol": settings.kafka_security_protocol,
    }
    if settings.uses_tls:
        configuration |= {
            "ssl.ca.location": settings.kafka_ca_file,
            "ssl.certificate.location": settings.kafka_certificate_file,
            "ssl.key.location": settings.kafka_key_file,
            "ssl.key.password": settings.kafka_key_password,
        }
    if settings.uses_sasl:
        configuration |= _sasl(settings)
    return {name: _text(value) for name, value in configuration.items() if value is not None}


def _sasl(settings: Settings) -> dict[str, Any]:
    mechanism = {"sasl.mechanisms": settings.kafka_sasl_mechanism}
    if settings.kafka_sasl_mechanism != "OAUTHBEARER":
        return mechanism | {
            "sasl.username": settings.kafka_username,
            "sasl.password": settings.kafka_password,
        }
    return mechanism | {
        "sasl.oauthbearer.method": "oidc",
        "sasl.oauthbearer.token.endpoint.url": str(settings.kafka_oauth_token_url),
        "sasl.oauthbearer.client.id": settings.kafka_oauth_client_id,
        "sasl.oauthbearer.client.secret": settings.kafka_oauth_client_secret,
        "sasl.oauthbearer.scope": settings.kafka_oauth_scope,
    }


def _text(value: str | Path | SecretStr) -> str:
    return value.get_secret_value() if isinstance(value, SecretStr) else str(value)
