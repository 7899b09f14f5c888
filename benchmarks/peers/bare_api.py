"""The bare routes that commands are compared with: FastAPI and one majority `update_one`.

The same web server with the same settings, the same body, the same status; no token, no key, no
version, no event, as in a tutorial. The second one reads first what the rules of a submission need,
in the database of registration, one query after another.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import uvicorn
from fastapi import FastAPI, Request
from motor.motor_asyncio import AsyncIOMotorClient
from pydantic import BaseModel
from pymongo import WriteConcern
from pymongo.read_concern import ReadConcern

from benchmarks.harness.sample import WeighParcel
from shared.settings import Settings

SETTINGS = Settings()


class Submission(BaseModel):
    """The body of a submission."""

    enterprise: str
    capacity: int


@asynccontextmanager
async def _opened(app: FastAPI) -> AsyncIterator[None]:
    client: Any = AsyncIOMotorClient(SETTINGS.mongo_uri.get_secret_value())
    database = client.get_database(
        f"{SETTINGS.namespace}-bare", write_concern=WriteConcern(w="majority")
    )
    app.state.parcels = database["parcel"]
    app.state.registration = client.get_database(
        SETTINGS.database_name("registration"),
        write_concern=WriteConcern(w="majority"),
        read_concern=ReadConcern("majority"),
    )
    yield
    client.close()


app = FastAPI(lifespan=_opened)


@app.get("/readyz")
async def ready() -> dict[str, str]:
    """Answer that the process runs."""
    return {"status": "ready"}


@app.post("/parcels/{id}/weighings", status_code=201)
async def weigh_parcel(id: str, body: WeighParcel, request: Request) -> dict[str, str]:
    """Store the weighing."""
    change = {"$set": {"state": vars(body)}, "$inc": {"version": 1}}
    await request.app.state.parcels.update_one({"_id": id}, change, upsert=True)
    return {"id": id}


@app.post("/exhibitions/{exhibition}/applications", status_code=201)
async def submit_application(exhibition: str, body: Submission, request: Request) -> dict[str, str]:
    """Read the facts of a submission, and store it beside the real ones."""
    database, enterprise = request.app.state.registration, body.enterprise
    show = await database["exhibition"].find_one({"_id": exhibition})
    rules = await database["rule-set"].find_one({"_id": show["state"]["call"]["rule_set"]})
    applicant = await database["enterprise"].find_one({"_id": enterprise})
    for kind, field in (("suspicion", "joined"), ("application", "enterprise")):
        await database[kind].find({f"state.{field}": enterprise}).to_list(100)
    documents = await database["document"].find({"state.enterprise": enterprise}).to_list(100)
    facts = [found["state"] for found in (rules, applicant, *documents)]
    change = {
        "$set": {"state": {"facts": facts, "capacity": body.capacity}},
        "$inc": {"version": 1},
    }
    id = f"{exhibition}.{enterprise}"
    await database["bare"].update_one({"_id": id}, change, upsert=True)
    return {"id": id}


if __name__ == "__main__":
    uvicorn.run(
        app,
        host=SETTINGS.http_host,
        port=SETTINGS.http_port,
        loop="uvloop",
        http="httptools",
        log_level="warning",
        access_log=False,
    )
