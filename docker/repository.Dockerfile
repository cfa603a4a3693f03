# A configuration repository as an image that configures a database and changes nothing of itself; STAGE0 is one of our images.
ARG STAGE0=stage0
FROM ${STAGE0}
COPY --chown=10001:10001 . /input
RUN ["stage0-package"]
