/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * random COUNT SEED FILE...: one of libFuzzer's targets, without it: tries each file, and then
 * COUNT times one of them with some bytes changed, or random bytes. A second for 500,000.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LENGTH = 300, FILES = 256 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static uint64_t state;

static unsigned draw(unsigned below)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return (unsigned)(state >> 33) % below;
}

int main(int argc, char **argv)
{
	static uint8_t kept[FILES][LENGTH], data[LENGTH];
	static size_t size[FILES];
	unsigned files = 0;

	if (argc < 3 || argc - 3 > FILES)
		return 2;
	state = 88172645463325252u + strtoul(argv[2], NULL, 10);
	for (int i = 3; i < argc; i++) {
		FILE *file = fopen(argv[i], "r");

		if (!file)
			return 2;
		size[files] = fread(kept[files], 1, LENGTH, file);
		fclose(file);
		LLVMFuzzerTestOneInput(kept[files], size[files]);
		files++;
	}
	for (long n = atol(argv[1]); n > 0; n--) {
		const unsigned which = draw(2 * (files + 1));
		size_t len = 20 + draw(80);

		for (size_t i = 0; i < len; i++)
			data[i] = (uint8_t)draw(256);
		if (which < files) {
			len = size[which];
			memcpy(data, kept[which], len);
			for (unsigned i = 1 + draw(6); len && i; i--)
				data[draw((unsigned)len)] = (uint8_t)draw(256);
		}
		LLVMFuzzerTestOneInput(data, len);
	}
	return 0;
}
