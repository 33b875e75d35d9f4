"""The only reader of the environment.

Enters: `TRACKER_…` variables and an optional `.env` file. Leaves: one frozen `Settings`, or a
`SettingsError` in French that names the variable and what is expected of it.
Each field is documented in `docs/reference/settings.md`; a test compares the two.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, HttpUrl, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from tracker.errors import SettingsError, UsageError
from tracker.mail_addresses import mail_address

PREFIX = "TRACKER_"
REPOSITORY = "https://data.assemblee-nationale.fr/static/openData/repository"
OLDEST_LEGISLATURE = 15  # the archive of the 14th is one big file, which is not read
MOST_LEGISLATURE = 99
LONGEST_BOUNCE_MAILBOX = 11  # what an envelope carries beside it fills the other 53 of 64 characters

_EXPECTED = {
    "int_parsing": "un nombre entier",
    "int_from_float": "un nombre entier",
    "float_parsing": "un nombre",
    "bool_parsing": "true ou false",
    "url_parsing": "une adresse complète, commençant par https:// ou http://",
    "url_scheme": "une adresse commençant par https:// ou http://",
    "literal_error": "l'une de ces valeurs : {expected}",
    "greater_than": "un nombre supérieur à {gt}",
    "greater_than_equal": "un nombre supérieur ou égal à {ge}",
    "less_than_equal": "un nombre inférieur ou égal à {le}",
    "string_too_long": "{max_length} caractères au plus",
    "value_error": "{error}",
}


class Settings(BaseSettings):
    """Everything an operator may set; the defaults run a small server against the live source."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, env_file=".env", extra="ignore", frozen=True)

    # where things are
    data_dir: Path = Field(Path("data"), description="Dossier des données (base, fichiers temporaires).")
    database_url: str | None = Field(
        None, description="Adresse SQLAlchemy de la base ; vide : SQLite dans le dossier des données."
    )
    topics_dir: Path | None = Field(None, description="Dossier de sujets (TOML) à suivre en plus d'Asalée.")

    # the source
    source_url: HttpUrl = Field(HttpUrl(REPOSITORY), description="Racine des archives de l'Assemblée.")
    legislatures: Annotated[tuple[int, ...], NoDecode] = Field(
        (17,), description="Législatures suivies (15, 16, 17…), séparées par des virgules."
    )
    contact: str = Field(
        "",
        description="Adresse ou page de contact, donnée à la source dans le nom du programme (User-Agent).",
    )
    max_run_bytes: int = Field(300_000_000, gt=0, description="Octets reçus au plus par passage.")
    max_entry_bytes: int = Field(
        5_000_000, gt=0, description="Taille au plus d'un fichier de l'archive, décompressé, en octets."
    )
    crawl_timeout: int = Field(1800, gt=0, description="Durée au plus d'un passage, en secondes.")
    download_delay: float = Field(
        0.5, ge=0, description="Pause entre deux requêtes à la source, en secondes."
    )

    # the service
    public_url: HttpUrl = Field(
        HttpUrl("http://127.0.0.1:8000"),
        description="Adresse publique du service, vue par ses lecteurs.",
    )
    host: str = Field("127.0.0.1", description="Adresse d'écoute.")
    port: int = Field(8000, ge=0, le=65535, description="Port d'écoute.")
    operator_name: str = Field(
        "", description="Nom de qui tient ce service, affiché sur ses pages et dans ses flux."
    )
    operator_contact: str = Field(
        "", description="Adresse électronique ou page où joindre qui tient ce service, affichée publiquement."
    )
    operator_address: str = Field(
        "", description="Adresse postale de qui tient ce service, pour les mentions légales."
    )
    publication_director: str = Field(
        "", description="Directeur ou directrice de la publication, pour les mentions légales."
    )
    hosting: str = Field(
        "",
        description="Hébergeur du service : nom, adresse, téléphone, pour les mentions légales.",
    )
    tag_authority: str | None = Field(
        None,
        description=(
            "Domaine ou adresse électronique des identifiants de flux ; fixé une fois, à la création "
            "de la base ; vide : le domaine de l'adresse publique."
        ),
    )
    stale_after_hours: int = Field(
        26, gt=0, description="Heures sans lecture de la source après lesquelles `/readyz` le signale."
    )
    demo: bool = Field(default=False, description="Affiche sur chaque page qu'il s'agit d'une démonstration.")

    # the alerts
    smtp_host: str | None = Field(
        None, description="Relais de courrier (SMTP) ; vide : aucune alerte par courrier."
    )
    smtp_port: int | None = Field(
        None,
        ge=1,
        le=65535,
        description="Port du relais ; vide : 587 (`starttls`), 465 (`tls`) ou 25 (`none`).",
    )
    smtp_security: Literal["starttls", "tls", "none"] = Field(
        "starttls",
        description=(
            "Chiffrement vers le relais : `starttls` (exigé), `tls` dès la connexion, ou `none` pour un "
            "relais de cette machine."
        ),
    )
    smtp_user: str | None = Field(
        None, description="Nom d'utilisateur au relais ; vide : pas d'authentification."
    )
    smtp_password: str | None = Field(None, repr=False, description="Mot de passe au relais.")
    mail_from: str | None = Field(
        None,
        description="Adresse d'expédition des alertes ; nécessaire dès que `TRACKER_SMTP_HOST` est réglé.",
    )
    mail_name: str = Field(
        "Questions écrites", max_length=30, description="Nom affiché de l'expéditeur, court."
    )
    mail_bounces: str | None = Field(
        None,
        description=(
            "Boîte qui reçoit les rapports de non-remise, sur un domaine qui accepte `boite+suite@domaine` ; "
            f"{LONGEST_BOUNCE_MAILBOX} caractères au plus avant l'arobase ; vide : l'adresse d'expédition."
        ),
    )
    mail_unsubscribe: str | None = Field(
        None,
        description=(
            "Boîte lue par une personne, à qui l'on peut écrire pour ne plus rien recevoir ; proposée par "
            "les messageries à côté du lien d'arrêt ; vide : le lien seul."
        ),
    )
    mail_per_minute: int = Field(
        60, gt=0, description="Messages par minute que le relais accepte : l'envoi n'ira pas plus vite."
    )
    mail_connections: int = Field(4, ge=1, le=50, description="Connexions au relais, au plus, en même temps.")
    alerts_at_once: int = Field(
        5,
        gt=0,
        description=(
            "Messages immédiats en attente pour une même adresse au-delà desquels ils sont réunis en un seul."
        ),
    )
    alerts_allow_private: bool = Field(
        default=False,
        description=(
            "Permet aux webhooks et aux salons les adresses `http://` et celles d'un réseau privé ou de "
            "cette machine."
        ),
    )
    operator_alerts: Annotated[tuple[str, ...], NoDecode] = Field(
        (),
        repr=False,
        description=(
            "Qui est prévenu quand le service va mal : adresses électroniques, ou salons au format d'Apprise "
            "(`ntfys://…`), séparés par des virgules."
        ),
    )

    # the logs
    log_format: Literal["text", "json"] = Field("text", description="Forme des journaux : `text` ou `json`.")
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        "info", description="Niveau des journaux : `debug`, `info`, `warning` ou `error`."
    )

    @field_validator("legislatures", mode="before")
    @classmethod
    def _split_legislatures(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        parts = [part.strip() for part in value.split(",") if part.strip()]
        if not parts or not all(part.isascii() and part.isdecimal() for part in parts):
            raise ValueError("des numéros de législature séparés par des virgules, par exemple 16,17")
        return tuple(dict.fromkeys(int(part) for part in parts))

    @field_validator("legislatures")
    @classmethod
    def _check_legislatures(cls, value: tuple[int, ...]) -> tuple[int, ...]:
        if not value or min(value) < OLDEST_LEGISLATURE or max(value) > MOST_LEGISLATURE:
            raise ValueError(
                f"au moins une législature, à partir de la {OLDEST_LEGISLATURE}e, par exemple 17 (jusqu'à la "
                "14e, l'Assemblée publie toutes les questions en un seul gros fichier, qui n'est pas lu)"
            )
        return value

    @field_validator("mail_from", "mail_bounces", "mail_unsubscribe")
    @classmethod
    def _check_mail_address(cls, value: str | None) -> str | None:
        try:
            return None if value is None else mail_address(value)
        except UsageError as error:
            raise ValueError("une adresse électronique, par exemple alertes@exemple.fr") from error

    @field_validator("mail_bounces")
    @classmethod
    def _check_bounces(cls, value: str | None) -> str | None:
        if value is not None and len(value.rpartition("@")[0]) > LONGEST_BOUNCE_MAILBOX:
            raise ValueError(f"{LONGEST_BOUNCE_MAILBOX} caractères au plus avant l'arobase")
        return value

    @field_validator("operator_alerts", mode="before")
    @classmethod
    def _split_addresses(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        return tuple(part.strip() for part in value.split(",") if part.strip())

    @field_validator(
        "database_url",
        "topics_dir",
        "tag_authority",
        "smtp_host",
        "smtp_port",
        "smtp_user",
        "smtp_password",
        "mail_from",
        "mail_bounces",
        "mail_unsubscribe",
        mode="before",
    )
    @classmethod
    def _blank_is_unset(cls, value: object) -> object:
        return None if isinstance(value, str) and not value.strip() else value

    @property
    def store_url(self) -> str:
        """The database's SQLAlchemy address: the one set, else a SQLite file in `data_dir`."""
        return self.database_url or f"sqlite:///{self.database_file}"

    @property
    def database_file(self) -> Path:
        """The SQLite file that is used when no address is set."""
        return (self.data_dir / "tracker.sqlite3").absolute()

    @property
    def public_base(self) -> str:
        """The public address without a final slash, to put paths after."""
        return str(self.public_url).rstrip("/")


def load_settings(**overrides: Any) -> Settings:  # noqa: ANN401  # field values, checked by the model
    """The settings of this process; `overrides` (from the command line) win over the environment.

    Raises SettingsError, in French, when a variable is wrong.
    """
    try:
        return Settings(**{name: value for name, value in overrides.items() if value is not None})
    except ValidationError as error:
        raise SettingsError("\n".join(_explain(dict(one)) for one in error.errors())) from error


def unknown_variables() -> list[str]:
    """`TRACKER_…` variables that are no setting, most likely misspelt: for a warning at start."""
    known = {PREFIX + name.upper() for name in Settings.model_fields}
    return sorted(name for name in os.environ if name.startswith(PREFIX) and name not in known)


def expected_of(error: Mapping[str, Any]) -> str:
    """What one of pydantic's errors (`ValidationError.errors()`) expects, in French."""
    context = {
        key: value.replace(" or ", " ou ") if isinstance(value, str) else value
        for key, value in error.get("ctx", {}).items()
    }
    form = _EXPECTED.get(error["type"])
    return form.format(**context) if form else str(error["msg"])


def child_environment(settings: Settings) -> dict[str, str]:
    """The environment of a child process that must run with exactly these settings."""
    values = settings.model_dump(mode="json")
    return {**os.environ, **{PREFIX + name.upper(): _written(value) for name, value in values.items()}}


def _written(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, list):
        return ",".join(str(item) for item in value)
    return str(value).lower() if isinstance(value, bool) else str(value)


def _explain(error: Mapping[str, Any]) -> str:
    location = error["loc"]
    field = str(location[0]) if location else ""
    expected = expected_of(error)
    return f"Réglage {PREFIX}{field.upper()} : valeur « {error['input']} » refusée ; attendu : {expected}."
