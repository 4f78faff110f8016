import { demoEnd, demoIntroduction, type Scene, sceneJson, sceneText } from "../../output/learn/demo-view.ts";
import type { OldVerb as Verb } from "../old-command.ts";
import { demoScenes } from "./demo-script.ts";
import { Stage } from "./stage.ts";

export const demo: Verb = {
  configure: (command) => command,
  examples: [
    ["jwtctl demo", "no questions, nothing left behind"],
    ["jwtctl demo --json", "the same as data: each command and what it printed"],
  ],
  async run(context) {
    const { files, stdout } = context.runtime;
    const directory = await files.makeTemporaryDirectory();
    try {
      const stage = new Stage(context, directory);
      const style = context.style(stdout);
      const scenes: Scene[] = [];
      if (!context.globals.json) stdout.write(demoIntroduction(directory, style));
      for await (const scene of demoScenes(stage)) {
        scenes.push(scene);
        if (!context.globals.json) stdout.write(sceneText(scenes.length, scene, style));
      }
      if (context.globals.json) context.show({ json: () => scenes.map(sceneJson), text: () => "" });
      else stdout.write(demoEnd(style));
    } finally {
      await files.removeTemporaryDirectory(directory);
    }
  },
};
