"""The rubric of the data files as the command that publishes it, for the tests of selection."""

from pydantic import TypeAdapter

from services.selection.domain.rubric.decider import PublishRubric
from services.selection.rubrics import rubric_file

RUBRIC_OF_2018 = TypeAdapter(PublishRubric).validate_python(rubric_file("kukm-2018-1"))
