import { demoEnd, demoIntroduction, type Scene, sceneJson, sceneText } from "../../output/learn/demo-view.ts";
import { defineVerb } from "../command.ts";
import { DemoCommands } from "./demo-commands.ts";
import { demoScenes } from "./demo-script.ts";

export const demo = defineVerb({
  examples: [
    ["jwtctl demo", "no questions, nothing left behind"],
    ["jwtctl demo --json", "the same as data: each command and what it printed"],
  ],
  async run(_chosen, { files, terminal, ...ports }) {
    const { stdout, json } = terminal;
    const directory = await files.makeTemporaryDirectory();
    try {
      const style = terminal.style(stdout);
      const scenes: Scene[] = [];
      if (!json) stdout.write(demoIntroduction(directory, style));
      for await (const scene of demoScenes(new DemoCommands(directory, { terminal, ...ports }))) {
        scenes.push(scene);
        if (!json) stdout.write(sceneText(scenes.length, scene, style));
      }
      if (json) terminal.show({ json: () => scenes.map(sceneJson), text: () => "" });
      else stdout.write(demoEnd(style));
    } finally {
      await files.removeTemporaryDirectory(directory);
    }
  },
});
