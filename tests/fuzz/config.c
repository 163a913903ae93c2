/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * libFuzzer's target for the configuration's lines: each is taken apart within
 * its bounds, and what is taken for a setting can be written into a lease.
 */
#define _GNU_SOURCE
#include "policy/config.h"
#include "core/sys.h"
#include "policy/compose.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What places.c has for others. */
void config_read(const struct config *config)
{
	(void)config;
}

static int name_root(const char *dir, size_t len, char *out, size_t size)
{
	return snprintf(out, size, "%.*s/.privtmp-0123456789abcdefghijkl", (int)len,
			dir) < (int)size ?
		       0 :
		       -1;
}

/* A session of this one setting has to be one that its members understand. */
static void compose(const struct config_line *line)
{
	static char text[POLICY_TEXT_MAX];
	static struct policy policy;
	struct settings settings = { 0 };
	struct policy_error error = { 0 };
	char *value = strndup(line->value.at, line->value.len);
	int n;

	settings.root = "/run/legacy"; /* without one there is no scope "root" */
	*settings_member(&settings, line->key) = value;
	n = policy_compose(&settings, NULL, name_root, text, sizeof text, &error);
	if (n < 0 && line->value.len) {
		fprintf(stderr, "%s: %s\n", error.what, error.value);
		abort();
	}
	if (n >= 0 && policy_parse(text, (size_t)n, &policy) < 0)
		abort();
	policy_shared(&policy, value, line->value.len);
	free(value);
}

static void take(const char *at, size_t len)
{
	char *copy = malloc(len); /* of its very size, for the sanitizer */
	struct config_line line;

	memcpy(copy, at, len);
	config_parse(copy, len, &line);
	if (line.kind == CONFIG_WRONG && !line.what)
		abort();
	if ((line.kind == CONFIG_SETTING || line.kind == CONFIG_SECTION) &&
	    (line.value.at < copy || line.value.at + line.value.len > copy + len))
		abort();
	if (line.kind == CONFIG_SECTION)
		policy_glob(&line.value, "/usr/sbin/legacy", 16);
	if (line.kind == CONFIG_SETTING)
		compose(&line);
	free(copy);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *at = (const char *)data, *end = at + size;

	while (at < end) {
		const char *newline = memchr(at, '\n', (size_t)(end - at));
		const char *stop = newline ? newline : end;

		take(at, (size_t)(stop - at));
		at = stop + 1;
	}
	return 0;
}
