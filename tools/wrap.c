/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * privtmp wrap: replaces a program by a launch script, and keeps the program beside it
 * under another name; and undoes that. The path exists at any moment.
 */
#include "wrap.h"
#include "choose_door.h"
#include "command.h"
#include "core/image.h"
#include "core/report.h"
#include "divert.h"
#include "plain.h"
#include "policy/text.h"
#include "preload.h"
#include "reach.h"
#include "remedy.h"
#include "same_file.h"
#include "show.h"
#include "tool.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#define NEW ".privtmp-new"

static const char head[] = "#!/bin/sh\n# Written by privtmp wrap";

struct wrap {
	const struct options *options;
	const char *file;     /* as given */
	char path[PATH_MAX];  /* absolute */
	char real[PATH_MAX];  /* new place of the program */
	char fresh[PATH_MAX]; /* the script while it is written */
	char name[PATH_MAX];  /* its name in the package */
	/*
	 * The three files, by a descriptor of their directory: its owner, or that of one
	 * above it, can put another in its place at any time.
	 */
	int dir;
	char held[PATH_MAX], held_real[PATH_MAX], held_fresh[PATH_MAX];
	enum owner owner; /* which package manager knows it */
};

static int refuse(const char *path, const char *what, int error, const char *remedy)
{
	report(path, what, error, remedy);
	return -1;
}

static void put_quoted(FILE *out, const char *text, size_t len)
{
	putc('\'', out);
	for (const char *end = text + len; text < end; text++)
		if (*text == '\'')
			fputs("'\\''", out);
		else
			putc(*text, out);
	putc('\'', out);
}

void wrap_quoted(FILE *out, const char *text)
{
	put_quoted(out, text, strlen(text));
}

/* Writes the settings as options. A list becomes one option per element. */
static void put_options(FILE *out, const struct settings *from)
{
	struct settings settings = *from;

	for (int i = 0; i < SETTINGS; i++) {
		const char *value = *settings_member(&settings, (enum setting)i);
		const char *const first = value;
		struct text element;

		if (value && !setting_is_list((enum setting)i) &&
		    policy_settings[i].kind != KIND_DIR) {
			/* The value of --confine is one only behind a "=". */
			fprintf(out, " --%s=%s", policy_settings[i].key, value);
			continue;
		}
		while (policy_element(&value, &element)) {
			/* An empty one at the beginning drops the default; others nothing. */
			if (!element.len && element.at != first)
				continue;
			fprintf(out, " --%s ", policy_settings[i].key);
			put_quoted(out, element.at, element.len);
		}
	}
}

static void put_script(FILE *out, const struct wrap *w, const char *tool)
{
	fprintf(out,
		"%s: runs the program with a private /tmp.\n"
		"# privtmp wrap --undo puts it back.\nexec ",
		head);
	wrap_quoted(out, tool);
	fputs(" run", out);
	put_options(out, &w->options->settings);
	fputs(" --argv0 \"$0\" -- ", out);
	wrap_quoted(out, w->real);
	fputs(" \"$@\"\n", out);
}

bool wrap_is_script(const char *path)
{
	char text[sizeof head] = "";
	FILE *file = plain_open(path);
	size_t n = file ? fread(text, 1, sizeof text - 1, file) : 0;

	if (file)
		fclose(file);
	return n == sizeof text - 1 && !strcmp(text, head);
}

/* Whether a launch script needs it itself. */
static bool is_needed(const struct wrap *w, const struct stat *st)
{
	const char *name = strrchr(w->path, '/') + 1;

	return same_file_at(st, "/proc/self/exe") || same_file_at(st, "/bin/sh") ||
	       !strncmp(name, "ld-linux", 8) || !strncmp(name, "ld-musl", 7);
}

/* Whether it is set-id or has capabilities: run refuses such programs. */
static bool has_rights(const struct wrap *w, const struct stat *st)
{
	return (st->st_mode & S_ISUID) ||
	       (st->st_mode & (S_ISGID | S_IXGRP)) == (S_ISGID | S_IXGRP) ||
	       getxattr(w->held, "security.capability", NULL, 0) > 0;
}

/* Whether PATH has a name by which libraries are found: libx.so, libx.so.1. */
static bool is_named_library(const char *path)
{
	const char *at = strrchr(path, '/') + 1;

	while ((at = strstr(at, ".so")))
		if (at[3] == '\0' || at[3] == '.')
			return true;
		else
			at++;
	return false;
}

/*
 * Whether a script can take the place of an ELF file: many libraries have the permissions
 * of a program, and who loads one cannot load a script.
 */
static int check_image(const struct wrap *w)
{
	static unsigned char first[IMAGE_HEAD];
	FILE *file = plain_open_large(w->held);
	struct image image;

	/* What cannot be read is left to check_run. */
	if (!file)
		return 0;
	image_look(fileno(file), first, fread(first, 1, sizeof first, file), &image);
	fclose(file);
	if (!image.known)
		return 0;
	if (image.tool)
		return refuse(w->path, "the launch script itself needs it", 0,
			      "wrap what it starts");
	if ((!image.is_dynamic && !image.is_static) || is_named_library(w->path))
		return refuse(w->path,
			      "a library: programs load it, and cannot load a script", 0,
			      "wrap the programs");
	if (!image.runs)
		return refuse(w->path, "no program that the kernel can execute", 0,
			      "name what is made of it");
	return 0;
}

/* Whether sessions can be made where --root says: the wrapped program needs it each time. */
static int check_root(const struct wrap *w)
{
	const char *root = w->options->settings.root;
	struct stat st;
	int error;

	if (!root)
		return 0;
	error = stat(root, &st) < 0 ? errno : S_ISDIR(st.st_mode) ? 0 : ENOTDIR;
	if (error)
		return refuse(root, "no private directory can be made here", error,
			      error == ENOENT ? "create it with mode 1777" :
						"name a directory");
	return 0;
}

/* Whether run accepts the program, with these settings. */
static int check_run(const struct wrap *w)
{
	static struct shim shim;
	static struct program program;
	struct settings settings;
	static struct choice choice;
	int error;

	if (shim_find(&shim) < 0)
		return -1;
	error = program_inspect(w->path, &program);
	if (error)
		return refuse(program.path, "cannot be run", error,
			      remedy_of_program(&program, error));
	if (!tool_settings(w->options, w->path, &settings))
		return -1;
	if (settings_clash(&settings))
		return refuse("--confine", "is for --scope tree alone", 0,
			      "leave out one of the two");
	door_choose(BACKEND_AUTO, &settings, &shim, &program, &choice);
	choice_settle(&choice);
	if (choice.door == DOOR_NONE)
		return refuse(w->path, choice.what, 0, choice.remedy);
	return 0;
}

/* Whether a script can replace the program. */
static int check(const struct wrap *w, struct stat *st)
{
	char other[PATH_MAX], remedy[PATH_MAX + 32];

	if (lstat(w->held, st) < 0) {
		const int error = errno;
		const bool found = !strchr(w->file, '/') && !command_find(w->file, other);

		snprintf(remedy, sizeof remedy, "did you mean %s?", other);
		return refuse(w->path, "cannot be wrapped", error,
			      found ? remedy : remedy_of(error));
	}
	if (S_ISLNK(st->st_mode)) {
		snprintf(remedy, sizeof remedy, "wrap what it leads to: %s",
			 realpath(w->held, other) ? other : "nothing");
		return refuse(w->path, "a link", 0, remedy);
	}
	if (!S_ISREG(st->st_mode) || !(st->st_mode & 0111))
		return refuse(w->path, "no program", 0,
			      "name a file that can be executed");
	if (wrap_is_script(w->held))
		return refuse(w->path, "wrapped already", 0,
			      "--undo puts it back, to wrap it with other settings");
	if (access(w->held_real, F_OK) == 0)
		return refuse(w->real, "is there already", 0,
			      "look what it is, and move it away");
	if (is_needed(w, st))
		return refuse(w->path, "the launch script itself needs it", 0,
			      "wrap what it starts");
	if (has_rights(w, st))
		return refuse(w->path,
			      "set-user-ID, set-group-ID or with capabilities: a "
			      "script would not have its rights",
			      0, "name the shim in /etc/ld.so.preload instead");
	return check_image(w) < 0 || check_root(w) < 0 ? -1 : check_run(w);
}

static int write_script(const struct wrap *w, const struct stat *st)
{
	char tool[PATH_MAX];
	/* The interpreter must be able to read it. */
	mode_t mode = (st->st_mode & 0777) | (st->st_mode & 0111) << 2;
	FILE *file;
	bool failed;

	if (!tool_find(tool))
		return -1;
	unlink(w->held_fresh);
	file = fopen(w->held_fresh, "wxe");
	if (!file)
		return refuse(w->fresh, "cannot be made", errno, remedy_of(errno));
	put_script(file, w, tool);
	failed = fflush(file) != 0 || fchmod(fileno(file), mode) < 0 ||
		 (geteuid() == 0 && fchown(fileno(file), st->st_uid, st->st_gid) < 0);
	if (fclose(file) != 0 || failed) {
		int error = errno;

		unlink(w->held_fresh);
		return refuse(w->fresh, "cannot be written", error, remedy_of(error));
	}
	return 0;
}

/* Warns of an upgrade of the package, where that cannot be handled. */
static void warn_of_package(const struct wrap *w)
{
	if (w->owner == OWNER_RPM || w->owner == OWNER_APK)
		report(w->path,
		       "belongs to a package, whose upgrade will replace the script", 0,
		       "privtmp doctor tells when that has happened");
}

/* Says FIRST, PATH, MIDDLE, OTHER and END: others may have given the names. */
static void say_moving(const char *first, const char *path, const char *middle,
		       const char *other, const char *end)
{
	fputs(first, stdout);
	show_put(stdout, path);
	fputs(middle, stdout);
	show_put(stdout, other);
	fputs(end, stdout);
}

static int say_wrapping(const struct wrap *w)
{
	char tool[PATH_MAX], *script = NULL, *line, *rest;
	size_t size;
	FILE *out;

	if (!tool_find(tool))
		return -1;
	out = open_memstream(&script, &size);
	if (out)
		put_script(out, w, tool);
	if (!out || fclose(out) != 0) {
		report(w->path, "its script cannot be shown", errno, remedy_of(errno));
		return -1;
	}
	say_moving("would move ", w->path, " to ", w->real, ", and write:\n");
	for (rest = script; (line = strsep(&rest, "\n")) && rest;) {
		show_as(stdout, line, SHOW_QUOTED);
		putchar('\n');
	}
	free(script);
	if (w->owner == OWNER_DPKG)
		printf("would have dpkg-divert lead upgrades of %s there\n", w->name);
	return 0;
}

static int wrap(struct wrap *w)
{
	struct stat st;
	bool linked;

	if (check(w, &st) < 0)
		return -1;
	w->owner = divert_owner(w->path, w->name);
	warn_of_package(w);
	if (w->options->dry_run)
		return say_wrapping(w);
	if (write_script(w, &st) < 0)
		return -1;
	/* First, so that an upgrade does not replace the script. */
	if (w->owner == OWNER_DPKG && divert_add(w->name, WRAP_REAL) < 0) {
		unlink(w->held_fresh);
		return -1;
	}
	linked = link(w->held, w->held_real) == 0;
	if (!linked || rename(w->held_fresh, w->held) < 0) {
		int error = errno;

		unlink(w->held_fresh);
		if (linked)
			unlink(w->held_real);
		if (w->owner == OWNER_DPKG)
			divert_remove(w->name);
		return refuse(w->path, "cannot be wrapped", error, remedy_of(error));
	}
	say_moving("wrapped ", w->path, ", which is ", w->real,
		   w->owner == OWNER_DPKG ? " now, upgrades by dpkg included\n" :
					    " now\n");
	return 0;
}

/* Whether dpkg diverts its file, by either of its names, which .name is then. */
static bool is_diverted(struct wrap *w)
{
	return divert_owner(w->path, w->name) == OWNER_DPKG &&
	       divert_is(w->name, WRAP_REAL);
}

static int put_back(struct wrap *w)
{
	struct stat st;
	bool diverted;

	if (!wrap_is_script(w->held))
		return refuse(
			w->path, "not a script of privtmp wrap", 0,
			access(w->held_real, F_OK) == 0 ?
				"it was replaced; remove the old program beside it" :
				"there is nothing to undo");
	if (lstat(w->held_real, &st) < 0 || !S_ISREG(st.st_mode))
		return refuse(w->real, "the program is not there", 0,
			      "install it again, and remove the script");
	diverted = is_diverted(w);
	if (w->options->dry_run) {
		say_moving("would move ", w->real, " back to ", w->path,
			   diverted ? ", and undo the diversion\n" : "\n");
		return 0;
	}
	if (rename(w->held_real, w->held) < 0)
		return refuse(w->path, "cannot be put back", errno, remedy_of(errno));
	say_moving("put ", w->path, " back", "", "\n");
	return diverted ? divert_remove(w->name) : 0;
}

/* The directory of FILE, open; its path goes to REAL. -1 with errno set on failure. */
static int hold_directory(const char *file, char real[PATH_MAX])
{
	const char *slash = strrchr(file, '/');
	char dir[PATH_MAX], link[32];
	ssize_t n = -1;
	int fd;

	snprintf(dir, sizeof dir, "%.*s", slash ? (int)(slash + 1 - file) : 1,
		 slash ? file : ".");
	fd = open(dir, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return -1;
	snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
	n = readlink(link, real, PATH_MAX - 1);
	real[n < 0 ? 0 : n] = '\0';
	return fd;
}

static int not_found(const char *file, int error)
{
	return refuse(file, "cannot be found", error, remedy_of(error));
}

/* Fills in the paths for FILE. */
static int name_paths(struct wrap *w, const char *file)
{
	char real[PATH_MAX];
	const int room = PATH_MAX - (int)sizeof WRAP_REAL;

	w->file = file;
	w->dir = -1;
	if (!*file)
		return not_found(file, ENOENT);
	/* Without links in the directory; the file itself may be one. */
	w->dir = hold_directory(file, real);
	if (w->dir < 0 || real[0] != '/')
		return not_found(file, w->dir < 0 ? errno : ENOENT);
	file = text_base(file);
	if (snprintf(w->path, sizeof w->path, "%s/%s", real[1] ? real : "", file) >=
		    room ||
	    snprintf(w->held, sizeof w->held, "/proc/self/fd/%d/%s", w->dir, file) >=
		    room)
		return not_found(file, ENAMETOOLONG);
	snprintf(w->real, sizeof w->real, "%.*s" WRAP_REAL, room, w->path);
	snprintf(w->fresh, sizeof w->fresh, "%.*s" NEW, room, w->path);
	snprintf(w->held_real, sizeof w->held_real, "%.*s" WRAP_REAL, room, w->held);
	snprintf(w->held_fresh, sizeof w->held_fresh, "%.*s" NEW, room, w->held);
	return 0;
}

static int handle(struct wrap *w, const char *file)
{
	int ret = name_paths(w, file);

	if (ret == 0)
		ret = w->options->remove ? put_back(w) : wrap(w);
	if (w->dir >= 0)
		close(w->dir);
	return ret;
}

int tool_wrap(const struct options *options, int argc, char **argv)
{
	static struct wrap w;
	int failed = 0;

	if (argc < 1) {
		options_complain(options->command, "wrap", "no program given");
		return STATUS_USAGE;
	}
	w.options = options;
	for (int i = 0; i < argc; i++)
		if (handle(&w, argv[i]) < 0)
			failed = 1;
	return options_written(failed);
}
