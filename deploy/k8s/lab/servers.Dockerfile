# Kafka and MongoDB of the lab, from the same jars, Java and mongod as the system on one machine, and the
# Prometheus of Debian, which is in the base.
# Built by deploy/k8s/lab/images.py in a folder that has java, jars and mongod.
ARG BASE_IMAGE
# hadolint ignore=DL3006
FROM ${BASE_IMAGE}
COPY java /opt/java
COPY jars /opt/kafka
COPY mongod /opt/mongo/mongod
ENV PATH=/opt/java/bin:/opt/mongo:/usr/bin:/bin
USER 10001:10001
