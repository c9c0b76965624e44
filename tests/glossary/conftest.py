"""A catalog with a small glossary that a reader can hold in the head."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from copilot.catalog import Catalog
from copilot.glossary import Glossary, Imported, import_glossary

TABLE = """concept,domain,en,de,de_forbidden,fr,pl,zh,en_definition
C-1,assembly,torque; tightening torque,Drehmoment;Anzugsmoment,Drehkraft,couple,moment obrotowy,扭矩,Force times lever
C-2,battery,BMS; battery management system,BMS; Batteriemanagementsystem,,BMS,BMS,BMS; 电池管理系统,
C-3,electrics,CAN bus,CAN-Bus,,bus CAN,magistrala CAN,CAN总线,
C-4,assembly,nut,Mutter,,écrou,nakrętka,螺母,
C-5,powertrain,camshaft,Nockenwelle,,arbre à cames,wałek rozrządu,凸轮轴,
C-6,battery,high-voltage battery,Hochvoltbatterie,Hochspannungsbatterie,batterie haute tension,,高压电池,
C-7,battery,battery,Batterie,,batterie,bateria,电池,
"""


@pytest.fixture
def catalog(tmp_path: Path) -> Catalog:
    return Catalog.at(tmp_path / "catalog.sqlite")


@pytest.fixture
def take(catalog: Catalog, tmp_path: Path) -> Callable[..., Imported]:
    """Import a text as a file; the name tells its format."""

    def call(text: str | bytes, name: str = "terms.csv", kb: str = "service", **options: object) -> Imported:
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return import_glossary(catalog, path, kb, **options)  # type: ignore[arg-type]

    return call


@pytest.fixture
def glossary(catalog: Catalog, take: Callable[..., Imported]) -> Glossary:
    take(TABLE)
    return Glossary(catalog)
