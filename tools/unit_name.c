/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Units' names, and which service one of another kind starts; see unit_file.h. */
#include "unit_file.h"
#include "core/report.h"
#include "options.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* The ending of NAME where it is one of systemd's, or NULL. */
static const char *ending_of(const char *name)
{
	static const char *const kinds[] = {
		".service", ".socket",	  ".timer", ".path",   ".target", ".mount",
		".swap",    ".automount", ".slice", ".device", ".scope",
	};
	const char *dot = strrchr(name, '.');

	for (size_t i = 0; dot && i < sizeof kinds / sizeof *kinds; i++)
		if (!strcmp(dot, kinds[i]))
			return dot;
	return NULL;
}

bool unit_name(const char *given, char *out, size_t size)
{
	static const char letters[] =
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
		"0123456789:-_.\\@";

	if (!*given || *given == '.' || *given == '@' ||
	    strspn(given, letters) != strlen(given) || strlen(given) + 9 > size)
		return false;
	snprintf(out, size, "%s%s", given, ending_of(given) ? "" : ".service");
	return true;
}

bool unit_service(const char *name, bool user, char *out, size_t size)
{
	static struct unit_file file;
	const char *end = ending_of(name);
	int stem = end ? (int)(end - name) : (int)strlen(name);

	if (end && !strcmp(end, ".service")) {
		snprintf(out, size, "%s", name);
		return true;
	}
	if (!end || (strcmp(end, ".socket") != 0 && strcmp(end, ".timer") != 0 &&
		     strcmp(end, ".path") != 0))
		return false;
	unit_file_read(name, user, &file);
	if (file.starts[0])
		snprintf(out, size, "%s", file.starts);
	else
		snprintf(out, size, "%.*s%s.service", stem, name,
			 file.accepts && !strchr(name, '@') ? "@" : "");
	end = ending_of(out);
	return end && !strcmp(end, ".service");
}

bool unit_take_name(const struct options *options, const char *given, char *out,
		    size_t size)
{
	char name[256], what[400];

	if (!unit_name(given, name, sizeof name)) {
		options_complain(options->command, given, "not the name of a service");
		return false;
	}
	if (!unit_service(name, options->user, out, size)) {
		options_complain(options->command, given,
				 "starts no program: name the service that does");
		return false;
	}
	if (!strcmp(name, out))
		return true;
	snprintf(what, sizeof what, "starts %s: this is for that", out);
	report(name, what, 0, NULL);
	return true;
}

bool unit_is_there(const char *name, const struct unit_file *file)
{
	const char *end = strrchr(name, '.');
	char script[300];

	if (file->path[0])
		return true;
	snprintf(script, sizeof script, "/etc/init.d/%.*s",
		 end ? (int)(end - name) : (int)strlen(name), name);
	return access(script, X_OK) == 0;
}
