"""The door of uploaded files: `content` examines what comes in, by its bytes alone.

`pictures` reads the structure of JPEG and PNG, `papers` that of PDF. `shared.store.files` keeps
what came in, and `shared.http.uploads` carries it over HTTP.
"""
