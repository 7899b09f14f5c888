"""librdkafka's own log lines go to the logger `librdkafka`, without the expected lines."""

import logging

MEANT = "enable.gapless.guarantee is experimental"
"""Experimental since 2018 and just what the relay needs: n+1 never overtakes a failed n."""

CLIENT_LOG = logging.getLogger("librdkafka")
CLIENT_LOG.addFilter(lambda line: MEANT not in line.getMessage())
