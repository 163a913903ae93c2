/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * One line of a configuration file; see privtmp.conf(5). Pure: no system call,
 * no allocation, no state.
 */
#ifndef PRIVTMP_CONFIG_TEXT_H
#define PRIVTMP_CONFIG_TEXT_H

#include "policy/policy.h"

enum {
	CONFIG_LINE = 1024, /* bytes of a line at most */
};

enum config_kind {
	CONFIG_NOTHING, /* empty, or a comment */
	CONFIG_SECTION, /* "[PATTERN]": for some programs */
	CONFIG_SETTING, /* "KEY = VALUE" */
	CONFIG_WRONG,
};

struct config_line {
	enum config_kind kind;
	enum setting key;
	/* Of a setting, or the pattern of a section. Points into the line. */
	struct text value;
	/* What is wrong, and the remedy. */
	const char *what;
	const char *remedy;
};

/* Parses the LEN bytes at LINE, which contain no line break. */
void config_parse(const char *line, size_t len, struct config_line *out);

#endif
