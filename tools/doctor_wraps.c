/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * privtmp doctor: programs that privtmp wrap has wrapped, and what a package's upgrade
 * has made of that; see doctor.h.
 */
#include "doctor.h"
#include "plain.h"
#include "remedy.h"
#include "wrap.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* The path of privtmp in a launch script: the word after "exec". */
static bool find_tool(const char *path, char *out)
{
	FILE *file = plain_open(path);
	char line[PATH_MAX + 64];
	bool found = false;

	while (file && !found && fgets(line, sizeof line, file))
		found = sscanf(line, "exec '%4000[^']'", out) == 1;
	if (file)
		fclose(file);
	return found;
}

/* The command "FIRST ONE MIDDLE OTHER", with the paths ONE and OTHER as a shell needs them. */
static void put_command(char *to, size_t size, const char *first, const char *one,
			const char *middle, const char *other)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				    "0123456789/._+-";
	const char *const words[] = { first, one, middle, other };
	FILE *out = fmemopen(to, size, "w");

	*to = '\0';
	if (!out)
		return;
	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		if (i % 2 && words[i][strspn(words[i], plain)])
			wrap_quoted(out, words[i]);
		else
			fputs(words[i], out);
	}
	fclose(out);
}

/* PATH is that of a program; REAL what wrap calls the one that was there. */
static void look_at_wrap(const char *path, const char *real)
{
	char tool[PATH_MAX], remedy[8 * PATH_MAX + 64], what[PATH_MAX + 64];

	if (access(path, F_OK) < 0) {
		put_command(remedy, sizeof remedy, "put the program back: mv ", real, " ",
			    path);
		doctor_say(DOCTOR_PROBLEM, "wrap", path, "its launch script is gone",
			   remedy);
		return;
	}
	if (!wrap_is_script(path)) {
		put_command(remedy, sizeof remedy, "rm ", real, " && privtmp wrap ",
			    path);
		doctor_say(DOCTOR_PROBLEM, "wrap", path,
			   "was wrapped, and has been replaced since, as by a package's "
			   "upgrade: it runs unprotected",
			   remedy);
		return;
	}
	if (find_tool(path, tool) && access(tool, X_OK) < 0) {
		snprintf(what, sizeof what,
			 "its launch script runs %s, which is not there", tool);
		doctor_say(DOCTOR_PROBLEM, "wrap", path, what,
			   "privtmp wrap --undo and privtmp wrap write it again");
		return;
	}
	doctor_say(DOCTOR_FINE, "wrap", path, "is wrapped", NULL);
}

/* A launch script whose program is missing. */
static void look_at_script(const char *path)
{
	char real[PATH_MAX + sizeof WRAP_REAL];

	snprintf(real, sizeof real, "%s" WRAP_REAL, path);
	if (access(real, F_OK) < 0 && wrap_is_script(path))
		doctor_say(DOCTOR_PROBLEM, "wrap", path,
			   "is wrapped, and the program itself is gone",
			   "install it again");
}

/* False with errno set: it cannot be looked into. */
static bool look_in(const char *dir)
{
	DIR *stream = opendir(dir);
	const bool opened = stream;
	struct dirent *entry;

	while (stream && (entry = readdir(stream))) {
		const size_t len = strlen(entry->d_name), tail = sizeof WRAP_REAL - 1;
		char path[PATH_MAX], real[PATH_MAX];
		struct stat st;

		if (snprintf(real, sizeof real, "%s/%s", dir, entry->d_name) >=
			    PATH_MAX ||
		    lstat(real, &st) < 0 || !S_ISREG(st.st_mode))
			continue;
		strcpy(path, real);
		if (len <= tail || strcmp(entry->d_name + len - tail, WRAP_REAL) != 0) {
			/* Launch scripts are short. */
			if (st.st_size < 8192)
				look_at_script(path);
			continue;
		}
		path[strlen(path) - tail] = '\0';
		look_at_wrap(path, real);
	}
	if (stream)
		closedir(stream);
	return opened;
}

void doctor_wraps(int n, char **dirs)
{
	static const char *const usual[] = {
		"/usr/local/sbin",  "/usr/local/bin", "/usr/sbin",
		"/usr/bin",	    "/usr/games",     "/usr/libexec",
		"/usr/lib/cgi-bin", "/sbin",	      "/bin",
	};

	for (size_t i = 0; i < sizeof usual / sizeof *usual; i++) {
		struct stat st;

		/* /bin is /usr/bin on many machines. */
		if (lstat(usual[i], &st) == 0 && S_ISDIR(st.st_mode))
			look_in(usual[i]);
	}
	for (int i = 0; i < n; i++)
		if (!look_in(dirs[i])) {
			const int error = errno;
			char what[100];

			snprintf(what, sizeof what, "cannot be looked into: %s",
				 strerror(error));
			doctor_say(DOCTOR_PROBLEM, "wrap", *dirs[i] ? dirs[i] : "''",
				   what, remedy_of(error));
		}
}
