/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * privtmp wrap: puts a launch script in the place of a program, which stays beside
 * it under another name; and back. There is a program at any moment.
 */
#include "preload.h"
#include "core/report.h"
#include "tool.h"
#include "wrap.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define NEW ".privtmp-new"

static const char head[] = "#!/bin/sh\n# Written by privtmp wrap";

struct wrap {
	const struct options *options;
	const char *file;
	char path[PATH_MAX];  /* absolute */
	char real[PATH_MAX];  /* where the program goes */
	char fresh[PATH_MAX]; /* the script in the making */
};

static int refuse(const char *path, const char *what, int error, const char *remedy)
{
	report(path, what, error, remedy);
	return -1;
}

/* Writes TEXT as one word of a shell's. */
static void put_quoted(FILE *out, const char *text)
{
	putc('\'', out);
	for (; *text; text++)
		if (*text == '\'')
			fputs("'\\''", out);
		else
			putc(*text, out);
	putc('\'', out);
}

/* The settings as options: a list is the option as often as it has elements. */
static void put_options(FILE *out, const struct settings *from)
{
	struct settings settings = *from;

	for (int i = 0; i < SETTINGS; i++) {
		const char *value = *settings_member(&settings, (enum setting)i);
		struct text element;

		if (value && !setting_is_list((enum setting)i) &&
		    policy_settings[i].kind != KIND_DIR) {
			fprintf(out, " --%s %s", policy_settings[i].key, value);
			continue;
		}
		while (policy_element(&value, &element)) {
			char text[PATH_MAX];

			snprintf(text, sizeof text, "%.*s", (int)element.len, element.at);
			fprintf(out, " --%s ", policy_settings[i].key);
			put_quoted(out, text);
		}
	}
}

static void put_script(FILE *out, const struct wrap *w, const char *tool)
{
	fprintf(out,
		"%s: runs the program with a private /tmp.\n"
		"# privtmp wrap --undo puts it back.\nexec ",
		head);
	put_quoted(out, tool);
	fputs(" run", out);
	put_options(out, &w->options->settings);
	fputs(" --argv0 \"$0\" -- ", out);
	put_quoted(out, w->real);
	fputs(" \"$@\"\n", out);
}

bool wrap_is_script(const char *path)
{
	char text[sizeof head] = "";
	FILE *file = fopen(path, "re");
	size_t n = file ? fread(text, 1, sizeof text - 1, file) : 0;

	if (file)
		fclose(file);
	return n == sizeof text - 1 && !strcmp(text, head);
}

/* Whether a script in its place would do what the program does. */
static int check(const struct wrap *w, struct stat *st)
{
	static struct shim shim;
	static struct program program;
	const char *obstacle, *remedy;
	int error;

	if (lstat(w->path, st) < 0)
		return refuse(w->path, "cannot be wrapped", errno, NULL);
	if (S_ISLNK(st->st_mode))
		return refuse(w->path, "a link", 0, "wrap what it leads to");
	if (!S_ISREG(st->st_mode) || !(st->st_mode & 0111))
		return refuse(w->path, "no program", 0, NULL);
	if (wrap_is_script(w->path))
		return refuse(w->path, "wrapped already", 0, NULL);
	if (access(w->real, F_OK) == 0)
		return refuse(w->real, "is there already", 0,
			      "look what it is, and move it away");
	if (shim_find(&shim) < 0)
		return -1;
	error = program_inspect(w->path, &program);
	if (error)
		return refuse(w->path, "cannot be run", error, NULL);
	obstacle = shim_obstacle(&shim, &program, &remedy);
	return obstacle ? refuse(w->path, obstacle, 0, remedy) : 0;
}

static int write_script(const struct wrap *w, const struct stat *st)
{
	char tool[PATH_MAX];
	ssize_t n = readlink("/proc/self/exe", tool, sizeof tool - 1);
	/* Its interpreter reads it. */
	mode_t mode = (st->st_mode & 0777) | (st->st_mode & 0111) << 2;
	FILE *file;
	bool failed;

	if (n < 0)
		return refuse("/proc/self/exe", "cannot be read", errno, NULL);
	tool[n] = '\0';
	unlink(w->fresh);
	file = fopen(w->fresh, "wxe");
	if (!file)
		return refuse(w->fresh, "cannot be made", errno, NULL);
	put_script(file, w, tool);
	failed = fflush(file) != 0 || fchmod(fileno(file), mode) < 0 ||
		 (geteuid() == 0 && fchown(fileno(file), st->st_uid, st->st_gid) < 0);
	if (fclose(file) != 0 || failed) {
		int error = errno;

		unlink(w->fresh);
		return refuse(w->fresh, "cannot be written", error, NULL);
	}
	return 0;
}

static int wrap(const struct wrap *w)
{
	struct stat st;

	if (check(w, &st) < 0 || write_script(w, &st) < 0)
		return -1;
	if (link(w->path, w->real) < 0 || rename(w->fresh, w->path) < 0) {
		int error = errno;

		unlink(w->fresh);
		unlink(w->real);
		return refuse(w->path, "cannot be wrapped", error, NULL);
	}
	printf("wrapped %s, which is %s now\n", w->path, w->real);
	return 0;
}

static int put_back(const struct wrap *w)
{
	struct stat st;

	if (!wrap_is_script(w->path))
		return refuse(
			w->path, "not a script of privtmp wrap", 0,
			access(w->real, F_OK) == 0 ?
				"it was replaced; remove the old program beside it" :
				NULL);
	if (lstat(w->real, &st) < 0 || !S_ISREG(st.st_mode))
		return refuse(w->real, "the program is not there", ENOENT, NULL);
	if (rename(w->real, w->path) < 0)
		return refuse(w->path, "cannot be put back", errno, NULL);
	printf("put %s back\n", w->path);
	return 0;
}

/* Fills in the paths for FILE. */
static int name_paths(struct wrap *w, const char *file)
{
	char dir[PATH_MAX], real[PATH_MAX];
	const char *slash = strrchr(file, '/');

	/* The directory without links; the file itself may be one. */
	snprintf(dir, sizeof dir, "%.*s", slash ? (int)(slash + 1 - file) : 1,
		 slash ? file : ".");
	if (!realpath(dir, real))
		return refuse(file, "cannot be found", errno, NULL);
	file = slash ? slash + 1 : file;
	if (snprintf(w->path, sizeof w->path, "%s/%s", real[1] ? real : "", file) +
		    (int)sizeof WRAP_REAL >
	    PATH_MAX)
		return refuse(file, "cannot be found", ENAMETOOLONG, NULL);
	snprintf(w->real, sizeof w->real, "%.*s" WRAP_REAL,
		 (int)(PATH_MAX - sizeof WRAP_REAL), w->path);
	snprintf(w->fresh, sizeof w->fresh, "%.*s" NEW, (int)(PATH_MAX - sizeof NEW),
		 w->path);
	return 0;
}

int tool_wrap(const struct options *options, int argc, char **argv)
{
	static struct wrap w;
	int failed = 0;

	if (argc < 1) {
		options_complain(options->command, "wrap", "no program given");
		return STATUS_USAGE;
	}
	if (settings_meet(&options->settings)) {
		options_complain(options->command, "--scope root",
				 "is not for run, which removes what it makes");
		return STATUS_USAGE;
	}
	w.options = options;
	for (int i = 0; i < argc; i++)
		if (name_paths(&w, argv[i]) < 0 ||
		    (options->remove ? put_back(&w) : wrap(&w)) < 0)
			failed = 1;
	return options_written(failed);
}
