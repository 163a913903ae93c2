/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The configuration: /etc/privtmp.conf, then the files *.conf in the directory
 * /etc/privtmp.conf.d in the order of their names. Read by whoever starts a
 * session; absent files cost one system call each. Nothing here allocates.
 *
 * One reader at a time: it has buffers of its own, and who starts a session is
 * alone in it.
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
	CONFIG_NAME = CONFIG_PATH + 1 + SYS_DECIMAL, /* and of "PATH:LINE" */
	CONFIG_FILES = 64,			     /* files in the directory at most */
	CONFIG_BYTES = 262144,			     /* bytes of a file at most */
	/* Of what one program gets; a policy has room for what others add. */
	CONFIG_GUARDS = 12,
	CONFIG_SHARES = 40,
};

/* Where a line was found. */
struct config_place {
	const char *file;
	unsigned line; /* 0: the file as a whole */
	int error;     /* an errno, for a file that cannot be read */
	bool section;  /* in a section, which applies */
};

/*
 * Gets each setting that applies, and each mistake, which may be in a section
 * that does not; where all sections are asked for, their patterns, too. What LINE
 * points to is gone afterwards.
 */
typedef void config_sink(void *arg, const struct config_place *place,
			 const struct config_line *line);

struct config {
	config_sink *sink;
	void *arg;
	/*
	 * The executable whose sections apply; NULL: the one that runs here;
	 * empty: none do. EVERY: all of them do.
	 */
	const char *program;
	bool every;
};

/* Reads all that there is. */
void config_read(const struct config *config);

/* Reads one file, whoever it belongs to. */
void config_read_file(const struct config *config, const char *file);

/* Writes "FILE:LINE" to OUT (SIZE bytes; CONFIG_NAME do); returns OUT. */
char *config_name(const struct config_place *place, char *out, size_t size);

#endif
