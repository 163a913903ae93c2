/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Paths as URIs; see uri.h. */
#include "uri.h"

#include <limits.h>
#include <string.h>
#include <unistd.h>

/* PATH without what the working directory's begins with, or without its first slashes. */
static const char *relative(const char *path)
{
	char here[PATH_MAX];
	size_t len;

	if (getcwd(here, sizeof here)) {
		len = strlen(here);
		if (len > 1 && !strncmp(path, here, len) && path[len] == '/')
			path += len;
	}
	while (!strncmp(path, "./", 2) || *path == '/')
		path++;
	return path;
}

void uri_put_relative(FILE *out, const char *path)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				    "0123456789-._~/+@=";
	const char *at = relative(path);

	putc('"', out);
	for (; *at; at++)
		if (strchr(plain, *at))
			putc(*at, out);
		else
			fprintf(out, "%%%02X", (unsigned char)*at);
	putc('"', out);
}
