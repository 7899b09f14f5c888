"""Registration (pendaftaran): programmes, exhibitions, enterprises and their applications."""
