/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The configuration: /etc/privtmp.conf, then the files *.conf in /etc/privtmp.conf.d in
 * the order of their names. The process that starts a session reads it. A file that
 * does not exist costs one system call. Nothing here allocates.
 *
 * Not reentrant: the buffers are static. Only one thread starts a session at a time.
 */
#ifndef PRIVTMP_CONFIG_H
#define PRIVTMP_CONFIG_H

#include <stdbool.h>

#include "core/sys.h"
#include "policy/config_text.h"

#define CONFIG_FILE "/etc/privtmp.conf"
#define CONFIG_DIR "/etc/privtmp.conf.d"

enum {
	CONFIG_PATH = 320,			     /* bytes of a file's path */
	CONFIG_NAME = CONFIG_PATH + 1 + SYS_DECIMAL, /* room for "PATH:LINE" */
	CONFIG_FILES = 64,			     /* files in the directory at most */
	CONFIG_BYTES = 262144,			     /* bytes of a file at most */
	/* The most for one program. A policy has room for more, for $TMPDIR and agents. */
	CONFIG_GUARDS = 12,
	CONFIG_SHARES = 40,
};

/* Where a line was found. */
struct config_place {
	const char *file;
	unsigned line; /* 0: the file as a whole */
	int error;     /* an errno, for a file that cannot be read */
	bool section;  /* in a section that applies */
};

/*
 * Called for each setting that applies and for each mistake, which can also be in a
 * section that does not apply; with EVERY for the patterns of sections, too. LINE
 * points to memory that is used again afterwards.
 */
typedef void config_sink(void *arg, const struct config_place *place,
			 const struct config_line *line);

struct config {
	config_sink *sink;
	void *arg;
	/*
	 * The executable whose sections apply. NULL: this process's own. "": none. With
	 * EVERY all sections apply.
	 */
	const char *program;
	bool every;
};

/* Reads all configuration files. */
void config_read(const struct config *config);

/* Reads one file, whoever owns it, at the path AT; it is told as FILE. */
void config_read_file(const struct config *config, const char *file, const char *at);

/* Writes "FILE:LINE" to OUT (SIZE bytes; CONFIG_NAME do); returns OUT. */
char *config_name(const struct config_place *place, char *out, size_t size);

#endif
