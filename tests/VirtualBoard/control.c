/* control DEVICE CONTROL VALUE: sets a control of a camera, by its name with '_' for what is no letter or digit. */
#include <ctype.h>
#include <fcntl.h>
#include <linux/videodev2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>

int main(int count, char **arguments)
{
	struct v4l2_queryctrl query = { .id = V4L2_CTRL_FLAG_NEXT_CTRL };
	struct v4l2_control control;
	int device, i;

	if (count != 4 || (device = open(arguments[1], O_RDWR)) < 0)
		return 2;
	for (; ioctl(device, VIDIOC_QUERYCTRL, &query) == 0; query.id |= V4L2_CTRL_FLAG_NEXT_CTRL) {
		for (i = 0; query.name[i]; i++)
			query.name[i] = isalnum(query.name[i]) ? tolower(query.name[i]) : '_';
		if (strcmp((char *)query.name, arguments[2]) == 0) {
			control.id = query.id;
			control.value = atoi(arguments[3]);
			if (ioctl(device, VIDIOC_S_CTRL, &control) == 0)
				return 0;
			perror("VIDIOC_S_CTRL");
			return 1;
		}
	}
	fprintf(stderr, "no control %s\n", arguments[2]);
	return 1;
}
