"""The bare route that a command is compared with: FastAPI and one majority `update_one`.

The same web server with the same settings, the same body, the same status; no token, no key, no
version, no event, as in a tutorial.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import uvicorn
from fastapi import FastAPI, Request
from motor.motor_asyncio import AsyncIOMotorClient
from pymongo import WriteConcern

from benchmarks.harness.sample import WeighParcel
from shared.settings import Settings

SETTINGS = Settings()


@asynccontextmanager
async def _opened(app: FastAPI) -> AsyncIterator[None]:
    client: Any = AsyncIOMotorClient(SETTINGS.mongo_uri.get_secret_value())
    database = client.get_database(
        f"{SETTINGS.namespace}-bare", write_concern=WriteConcern(w="majority")
    )
    app.state.parcels = database["parcel"]
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
