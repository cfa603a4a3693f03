# A configuration repository as an image that configures a database and changes nothing of itself; STAGE0 is one of our images.
ARG STAGE0=stage0
FROM ${STAGE0}
COPY --chown=10001:10001 . /input
# Only what is declared reaches a command: the time of a build that can be repeated.
ARG SOURCE_DATE_EPOCH
RUN ["stage0-package"]
