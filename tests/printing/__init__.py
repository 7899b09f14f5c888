"""Tests of printed documents: real PDFs, read by another library."""
