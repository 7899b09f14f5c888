"""The policy on exhibitions overseas as this process applies it."""

from dataclasses import replace
from functools import lru_cache
from typing import Annotated, Any

from fastapi import Depends
from pydantic import TypeAdapter

from services.registration.domain.exhibition.overseas_policy import OverseasPolicy
from services.registration.overseas_policies import PERMENDAG_14_2025, overseas_policy_file
from shared.http import configured
from shared.settings import Settings


def overseas_policy(settings: Settings) -> OverseasPolicy:
    """Return the policy of the data file, with the first day in force of the settings."""
    policy = _of_the_file()
    if settings.overseas_policy_from is None:
        return policy
    return replace(policy, in_force_from=settings.overseas_policy_from)


@lru_cache
def _of_the_file() -> OverseasPolicy:
    content: Any = overseas_policy_file(PERMENDAG_14_2025)
    return TypeAdapter(OverseasPolicy).validate_python(content)


async def _of_the_process(settings: Annotated[Settings, configured()]) -> OverseasPolicy:
    return overseas_policy(settings)


CurrentPolicy = Annotated[OverseasPolicy, Depends(_of_the_process)]
"""A parameter that gives a route the policy on exhibitions overseas."""
