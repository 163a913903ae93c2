/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* privtmp doctor: the shim's libraries, and what names them; see doctor.h. */
#include "doctor.h"
#include "preload_list.h"
#include "remedy.h"
#include "same_file.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* A program of LINKER's is started with LD_PRELOAD=libprivtmp.so. */
static void look_for_bare_name(const struct shim *shim, const struct linker *linker)
{
	const bool installed = access(LIBDIR "/" PRELOAD_SHIM, R_OK) == 0;
	char what[PATH_MAX + 128], found[PATH_MAX];

	if (!linker_loads(linker, PRELOAD_SHIM, found)) {
		snprintf(what, sizeof what,
			 "LD_PRELOAD=" PRELOAD_SHIM " finds no library for %s",
			 linker_programs(linker));
		doctor_say(linker->own && installed ? DOCTOR_PROBLEM :
			   linker->musl		    ? DOCTOR_FINE :
						      DOCTOR_WARNING,
			   "library", linker->path, what,
			   linker->own && installed ? "run ldconfig, or see that " LIBDIR
						      " is in ld.so's paths" :
			   linker->own	? "install privtmp" :
			   linker->musl ? "start them by privtmp run" :
					  "install libprivtmp for these, too");
		return;
	}
	snprintf(what, sizeof what, "LD_PRELOAD=" PRELOAD_SHIM " finds %s", found);
	if (linker->own && !same_paths(found, shim->path))
		doctor_say(DOCTOR_WARNING, "library", linker->path, what,
			   "privtmp itself uses another one: remove one of them");
	else
		doctor_say(DOCTOR_FINE, "library", linker->path, what, NULL);
}

void doctor_libraries(const struct shim *shim)
{
	struct linker linkers[LINKERS];
	size_t n = shim->path[0] ? linkers_find(shim, linkers) : 0;

	for (size_t i = 0; i < n; i++)
		look_for_bare_name(shim, &linkers[i]);
}

/* -- /etc/ld.so.preload -- */

static void look_at_word(void *arg, const char *word, unsigned line)
{
	unsigned *shims = arg;
	size_t len = strlen(word);
	const bool returned = len && word[len - 1] == '\r';
	char about[64];

	if (!preload_is_shim(word, len - returned))
		return;
	snprintf(about, sizeof about, PRELOAD_FILE ":%u", line);
	++*shims;
	if (returned)
		doctor_say(DOCTOR_PROBLEM, "preload", about,
			   "its name ends in a carriage return, which ld.so takes for a "
			   "part of it",
			   "write the file with lines that end as Unix's do");
	if (!strchr(word, '/'))
		doctor_say(DOCTOR_PROBLEM, "preload", about,
			   "without its directory the shim is not loaded into "
			   "set-user-ID programs",
			   "write /usr/$LIB/" PRELOAD_SHIM ", or its full path");
}

/* Whether the file is as closed as what it decides needs it to be. */
static void look_at_mode(void)
{
	struct stat st;

	if (stat(PRELOAD_FILE, &st) == 0 && (st.st_uid != 0 || (st.st_mode & 022)))
		doctor_say(DOCTOR_PROBLEM, "preload", PRELOAD_FILE,
			   "others than root can write to it, and so into every program",
			   "chown it to root and take that right away");
}

static void look_at_linker(const struct shim *shim, const struct linker *linker)
{
	char what[PATH_MAX + 128], found[PATH_MAX], remedy[PATH_MAX + 64];

	if (linker->musl) {
		doctor_say(DOCTOR_WARNING, "preload", linker->path,
			   "musl's dynamic linker does not know " PRELOAD_FILE,
			   "use LD_PRELOAD, or privtmp run");
		return;
	}
	if (linker_loads(linker, NULL, found)) {
		snprintf(what, sizeof what, "is loaded into %s", linker_programs(linker));
		doctor_say(DOCTOR_FINE, "preload", found, what, NULL);
		return;
	}
	snprintf(what, sizeof what, "what it names cannot be loaded into %s",
		 linker_programs(linker));
	snprintf(remedy, sizeof remedy, "correct the path: the shim is %s", shim->path);
	doctor_say(DOCTOR_PROBLEM, "preload", PRELOAD_FILE, what,
		   linker->own ? remedy :
				 "write /usr/$LIB/" PRELOAD_SHIM
				 ", and install libprivtmp for these, too");
}

bool doctor_preload_file(const struct shim *shim)
{
	struct linker linkers[LINKERS];
	unsigned shims = 0;
	int error = preload_each(look_at_word, &shims);
	size_t n;

	if (error && error != ENOENT) {
		doctor_say(DOCTOR_WARNING, "preload", PRELOAD_FILE, "cannot be read",
			   remedy_of(error));
		return false;
	}
	if (!shims) {
		doctor_say(DOCTOR_FINE, "preload", PRELOAD_FILE, "does not name the shim",
			   NULL);
		return false;
	}
	look_at_mode();
	n = linkers_find(shim, linkers);
	for (size_t i = 0; i < n; i++)
		look_at_linker(shim, &linkers[i]);
	return true;
}
