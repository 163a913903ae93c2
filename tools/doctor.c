/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* privtmp doctor: whether what an administrator has set up is in effect. */
#include "doctor.h"
#include "fit.h"
#include "json.h"
#include "policy/config.h"
#include "preload_list.h"
#include "show.h"
#include "tool.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static struct {
	const struct options *options;
	unsigned count[DOCTOR_PROBLEM + 1];
	unsigned told;
} doctor;

static const char *word_of(enum ailment ailment)
{
	static const char *const words[] = {
		[DOCTOR_FINE] = "fine",
		[DOCTOR_WARNING] = "warning",
		[DOCTOR_PROBLEM] = "problem",
	};

	return words[ailment];
}

static void write_json(enum ailment ailment, const char *area, const char *about,
		       const char *what, const char *remedy)
{
	fputs(doctor.told ? ",\n" : "\n", stdout);
	fputs("{\"level\": ", stdout);
	json_string(stdout, word_of(ailment));
	json_member(stdout, "area", area);
	json_member(stdout, "about", about);
	json_member(stdout, "what", what);
	json_member(stdout, "remedy", remedy);
	putchar('}');
}

static void write_text(enum ailment ailment, const char *about, const char *what,
		       const char *remedy)
{
	struct fit fit;

	fit_begin(&fit);
	fprintf(fit.out, "%s: ", word_of(ailment));
	show_put(fit.out, about);
	/* Paths in them are as others have named them. */
	fputs(": ", fit.out);
	show_as(fit.out, what, SHOW_QUOTED);
	fputs(remedy ? "; " : "", fit.out);
	show_as(fit.out, remedy ? remedy : "", SHOW_QUOTED);
	putc('\n', fit.out);
	fit_end(&fit);
}

void doctor_say(enum ailment ailment, const char *area, const char *about,
		const char *what, const char *remedy)
{
	doctor.count[ailment]++;
	if (ailment == DOCTOR_FINE && !doctor.options->verbose && !doctor.options->json)
		return;
	if (doctor.options->json)
		write_json(ailment, area, about, what, remedy);
	else
		write_text(ailment, about, what, remedy);
	doctor.told++;
}

/* The shim itself, whose path is empty where it is not there. */
static void look_at_shim(struct shim *shim)
{
	struct stat st;

	if (shim_find(shim) < 0) {
		doctor_say(DOCTOR_PROBLEM, "library", "libprivtmp.so", "is not there",
			   "install privtmp again");
		memset(shim, 0, sizeof *shim);
		return;
	}
	if (stat(shim->path, &st) == 0 && (st.st_mode & 022))
		doctor_say(DOCTOR_PROBLEM, "library", shim->path,
			   "others than its owner can write to it",
			   "take that right away");
	else
		doctor_say(DOCTOR_FINE, "library", shim->path, "is there", NULL);
	if (access(shim->helper, X_OK) < 0)
		doctor_say(DOCTOR_PROBLEM, "library", "reaper",
			   "the program of sessions' helpers is not there",
			   "install privtmp again");
}

int tool_doctor(const struct options *options, int argc, char **argv)
{
	static struct shim shim;
	const unsigned *n = doctor.count;
	bool preloaded, says_mode;

	doctor.options = options;
	if (options->json)
		fputs("{\"findings\": [", stdout);
	look_at_shim(&shim);
	doctor_libraries(&shim);
	preloaded = doctor_preload_file(&shim);
	says_mode = doctor_configuration(options);
	if (preloaded && !says_mode)
		doctor_say(DOCTOR_WARNING, "preload", PRELOAD_FILE,
			   "every program of this machine gets a private /tmp",
			   "write \"mode = off\" at the top of " CONFIG_FILE
			   ", and a section for each that is to have one");
	doctor_units(options, &shim);
	doctor_wraps(argc, argv);
	if (options->json)
		printf("%s], \"problems\": %u, \"warnings\": %u}\n",
		       doctor.told ? "\n" : "", n[DOCTOR_PROBLEM], n[DOCTOR_WARNING]);
	else if (n[DOCTOR_PROBLEM] + n[DOCTOR_WARNING] == 0)
		puts("nothing is wrong");
	return options_written(n[DOCTOR_PROBLEM] ? 1 : 0);
}
