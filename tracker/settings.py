"""The only reader of the environment.

Enters: `TRACKER_…` variables and an optional `.env` file. Leaves: one frozen `Settings`.
Each field is documented in `docs/reference/settings.md`; a test compares the two.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, HttpUrl, ValidationError
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from tracker.errors import SettingsError

REPOSITORY = "https://data.assemblee-nationale.fr/static/openData/repository"


class Settings(BaseSettings):
    """Everything an operator may set; the defaults run a small server against the live source."""

    model_config = SettingsConfigDict(env_prefix="TRACKER_", env_file=".env", extra="ignore", frozen=True)

    # where things are
    data_dir: Path = Field(Path("data"), description="Dossier des données (base SQLite, fichiers temporaires).")
    database_url: str | None = Field(None, description="Adresse SQLAlchemy de la base ; vide : SQLite dans `data_dir`.")
    topics_dir: Path | None = Field(None, description="Dossier de sujets (TOML) à suivre en plus d'Asalée.")

    # the source
    source_url: HttpUrl = Field(HttpUrl(REPOSITORY), description="Racine des archives de l'Assemblée nationale.")
    legislatures: tuple[int, ...] = Field((17,), description="Législatures suivies (15, 16, 17…), séparées par des virgules.")
    contact: str = Field("", description="Adresse ou page de contact, donnée à la source dans le User-Agent.")
    max_run_bytes: int = Field(300_000_000, gt=0, description="Octets reçus au plus par passage.")
    max_entry_bytes: int = Field(5_000_000, gt=0, description="Taille au plus d'un fichier de l'archive, décompressé.")
    crawl_timeout: int = Field(1800, gt=0, description="Durée au plus d'un passage, en secondes.")
    download_delay: float = Field(0.5, ge=0, description="Pause entre deux requêtes à la source, en secondes.")

    # the service
    public_url: HttpUrl = Field(HttpUrl("http://127.0.0.1:8000"), description="Adresse publique du service, sans barre finale.")
    host: str = Field("127.0.0.1", description="Adresse d'écoute.")
    port: int = Field(8000, ge=0, le=65535, description="Port d'écoute.")
    tag_authority: str | None = Field(None, description="Domaine ou adresse des identifiants de flux ; fixé une fois, à la création de la base.")
    stale_after_hours: int = Field(26, gt=0, description="Heures sans lecture de la source après lesquelles `/readyz` le signale.")
    demo: bool = Field(default=False, description="Affiche sur chaque page qu'il s'agit d'une démonstration.")

    # the logs
    log_format: Literal["text", "json"] = Field("text", description="Forme des journaux : `text` ou `json`.")
    log_level: Literal["debug", "info", "warning", "error"] = Field("info", description="Niveau des journaux.")
